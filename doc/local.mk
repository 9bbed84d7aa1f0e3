dist_man_MANS = doc/surat.1
