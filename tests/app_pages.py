"""A page in Streamlit's own test: pressing its buttons and reading what it shows."""

import re

from streamlit.testing.v1 import AppTest


def press(app: AppTest, label: str, at: int = 0) -> AppTest:
    """Presses the button with this label, of several the one at that place."""
    [button for button in app.button if button.label == label][at].click().run()
    assert not app.exception
    return app


def page_text(app: AppTest) -> str:
    """All that the page says, without Markdown's escapes."""
    blocks = [*app.markdown, *app.error, *app.success, *app.warning, *app.info, *app.caption, *app.get("html")]
    texts = (str(getattr(block, "value", "") or getattr(block.proto, "body", "")) for block in blocks)
    return re.sub(r"\\(.)", r"\1", "\n".join(texts))


def figures(app: AppTest) -> dict[str, str]:
    """The figures on top by their labels."""
    return {one.label: one.value for one in app.metric}
