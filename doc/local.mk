dist_man_MANS = doc/surat.1 doc/surat.conf.5
