# Translations.  A language is one file po/LANG.po; msgfmt makes what gettext
# reads at run time, laid out as gettext looks for it, so that SURAT_LOCALES
# can name the po directory of a build tree.  `make update-po` brings the files
# in step with the code.
LANGUAGES = id
po_files = po/id.po
mo_files = po/id/LC_MESSAGES/surat.mo
EXTRA_DIST += $(po_files)
CLEANFILES += $(mo_files)

po/id/LC_MESSAGES/surat.mo: po/id.po
	$(AM_V_GEN)$(MKDIR_P) po/id/LC_MESSAGES && \
		$(MSGFMT) -c -o $@ $(srcdir)/po/id.po

all-local: $(mo_files)

install-data-hook:
	$(MKDIR_P) '$(DESTDIR)$(localedir)/id/LC_MESSAGES'
	$(INSTALL_DATA) po/id/LC_MESSAGES/surat.mo \
		'$(DESTDIR)$(localedir)/id/LC_MESSAGES/surat.mo'

uninstall-hook:
	rm -f '$(DESTDIR)$(localedir)/id/LC_MESSAGES/surat.mo'

update-po:
	cd $(srcdir) && xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ \
		--keyword=P_:1,2 --add-comments=TRANSLATORS \
		--package-name=surat -o po/surat.pot \
		`find ui src -name '*.c' | sort` && \
		for l in $(LANGUAGES); do msgmerge -q -U --backup=none po/$$l.po po/surat.pot; done && \
		rm -f po/surat.pot

.PHONY: update-po
