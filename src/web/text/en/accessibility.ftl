# The accessibility statement.
accessibility-lead = { $publisher } wants everybody to be able to use this service, however they read, hear or move. The pages follow the Swedish act on accessibility of digital public services and WCAG 2.1 at level AA.
accessibility-how-heading = How it was tested
accessibility-how = Each page is tested in a browser with every change: by keyboard, in narrow windows, at 200 per cent, in light, dark and high-contrast modes, and without JavaScript. All charts are there as tables too.
accessibility-short-heading = Known shortcomings
accessibility-short-tables = Wide tables scroll sideways in a field of their own on small screens.
accessibility-short-files = Downloaded files in formats such as PX and Parquet are made for programs and not for screen readers; the same content is there as CSV and XLSX.
accessibility-tell-heading = Tell us
accessibility-tell = If you find something that does not work, write to
accessibility-authority = The Swedish Agency for Digital Government supervises. Report shortcomings at
