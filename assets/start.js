// Streamlit fetches the script of each kind of element when the first one is drawn, and puts a grey
// bar of another height in its place until then. So nothing is shown while such a bar is in view;
// the title never waits longer than 1.5 s for that.
(() => {
  const page = document.documentElement;
  page.classList.add("starting");
  let titled = 0;
  let whole = 0;
  // A bar, or a formula's text without its script: an element of a line's height without words.
  const bar = (main) => [...main.querySelectorAll('[data-testid="stElementContainer"]')].some(
    (node) => node.offsetHeight > 30 && node.offsetHeight < 60 && !node.textContent.trim()
      && !node.querySelector("input, svg") && node.getBoundingClientRect().top < innerHeight,
  );
  const look = () => {
    const now = performance.now();
    const main = document.querySelector('[data-testid="stMainBlockContainer"]');
    if (main?.querySelector('h1, [data-testid="stAlert"]')) titled ||= now;
    whole = titled && !bar(main) ? whole + 1 : 0;
    if (whole > 3 || (titled && now - titled > 1500) || now > 8000) {
      page.classList.remove("starting");
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
