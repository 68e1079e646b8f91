"""What it looks like: frames, arrays and typed reports of judge in, plotly figures out.

A figure is a plain dict of `data` and `layout`, ready for `plotly.graph_objects.Figure(figure)`
in a notebook and for `Plotly.react` in the page. Plain, because validating and serialising six
`Figure` objects once a second costs ten times what drawing them from dicts does, and that time is
taken from the training.
"""
