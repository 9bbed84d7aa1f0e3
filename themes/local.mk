themesdir = $(pkgdatadir)/themes
dist_themes_DATA = \
	themes/dawn.theme \
	themes/dusk.theme
