"""Line grammars: templates with named fields, matched against neighbouring lines."""
