"""Line grammars: templates with named fields, and the neighbouring lines that follow them."""
