// Scrolls to where it stands when what was just asked for appears there, out of sight.

export default function ({ data, parentElement }) {
  const mark = parentElement.querySelector(".look-here");
  if (!mark || !data?.asked || mark.dataset.asked === data.asked) return;
  mark.dataset.asked = data.asked;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  requestAnimationFrame(() => mark.scrollIntoView({ block: data.block ?? "start", behavior: still ? "auto" : "smooth" }));
}
