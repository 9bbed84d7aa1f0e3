# Translations: `make update-po` is not needed to build; msgfmt is optional.
