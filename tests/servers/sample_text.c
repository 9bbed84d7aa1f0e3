/* SPDX-License-Identifier: MIT */
#include "tests/servers/sample_text.h"

#include <stddef.h>

#include "base/bug.h"

enum { HOUR = 60, DAY = 24 * HOUR, WIB = 7 * 60, JST = 9 * 60, CET = 60 };

static const struct person
    budi_k = { "Budi Santoso", "budi@kantor.example" },
    budi_r = { "Budi Santoso", "budi@rumah.example" },
    ratna = { "Ratna Wijaya", "ratna@kantor.example" },
    bambang = { "Bambang Sutrisno", "bambang@kantor.example" },
    siti = { "Siti Rahmawati", "siti@kantor.example" },
    farid = { "Farid Haddad", "farid@kantor.example" },
    ana = { "Ana García", "ana@mitra.example" },
    tanaka = { "田中 宏", "tanaka@nihon.example" },
    ibu = { "Ibu", "ibu@rumah.example" },
    dewi = { "Dewi Lestari", "dewi@kawan.example" },
    joko = { "Joko Prasetyo", "joko@kawan.example" },
    list = { "devel", "devel@lists.example" },
    toko = { "Toko Buku Senja", "pesanan@tokosenja.example" },
    bank = { "Bank Merapi", "info@bankmerapi.example" },
    kabar = { "Kabar Pagi", "surat@kabarpagi.example" },
    rt = { "Pengurus RT 05", "rt05@warga.example" };

static const struct attachment
    agenda = { "agenda.pdf", "application/pdf", "%PDF-1.4 agenda rapat\n", false },
    notulen = { "notulen rapat – final.odt",
	"application/vnd.oasis.opendocument.text", "notulen ", false },
    denah = { "denah.png", "image/png", NULL, true },
    gunung = { "merapi-senja.png", "image/png", NULL, true },
    mitsumori = { "見積書.pdf", "application/pdf", "%PDF-1.4 mitsumori\n", false },
    patch = { "0001-store-split-the-row-reader.patch", "text/x-patch",
	"--- a/store/record.c\n+++ b/store/record.c\n@@ -1,2 +1,2 @@\n"
	"-old line\n+new line\n", false };

#define SALAM "\n\nSalam,\n"
#define SIGNED(name) "\n-- \n" name "\n"

static const struct sample letters[] = {
	/* the meeting */
	{ AT_KERJA, 1, 2 * DAY + 3 * HOUR, WIB, &ratna, &budi_k, &bambang,
	    "Jadwal rapat",
	    "Selamat siang,\n\nrapat minggu depan kita adakan hari Senin pukul 9."
	    "\nAda yang berhalangan?" SALAM "Ratna\n", NULL, NULL, NULL, "S" },
	{ AT_KERJA, 1, 2 * DAY, WIB, &bambang, &ratna, &budi_k,
	    "Re: Jadwal rapat",
	    "On Fri, Ratna Wijaya wrote:\n> rapat minggu depan kita adakan hari "
	    "Senin pukul 9.\n\nApakah bisa pukul 10? Pagi itu saya menjemput "
	    "tamu dari Jepang.\n" SIGNED("Bambang Sutrisno\nKeuangan"),
	    NULL, NULL, NULL, "S" },
	{ AT_KERJA, 1, 95, WIB, &ratna, &budi_k, &bambang, "Re: Jadwal rapat",
	    "Selamat pagi,\n\nrapat hari Senin kita pindahkan ke pukul 10.00, "
	    "ruang Merapi. Agenda:\n\n  1. Laporan kuartal (Bambang)\n  2. "
	    "Rencana rilis: https://kantor.example/rilis/3\n\n> Apakah bisa "
	    "pukul 10? Pagi itu saya menjemput\n> tamu dari Jepang.\n>> rapat "
	    "minggu depan kita adakan hari Senin pukul 9.\n\nTerlampir "
	    "agendanya." SALAM "Ratna\n" SIGNED("Ratna Wijaya\nDirektur Operasi"),
	    NULL, &agenda, NULL, "" },
	{ AT_KERJA, 0, 130, WIB, &bambang, &budi_k, NULL,
	    "Laporan kuartal III",
	    "Budi,\n\nini angka kuartal III. Tolong periksa bagian perjalanan "
	    "dinas sebelum Senin.\n\n  Pendapatan   1.204.500.000\n  Biaya        "
	    "  873.120.000\n  Laba           331.380.000\n" SALAM "Bambang\n",
	    NULL, &notulen, NULL, "" },
	/* a thread on a list */
	{ AT_KERJA, 2, 26 * HOUR, CET, &ana, &list, NULL,
	    "[PATCH v2] store: split the row reader",
	    "The reader of rows did two things: find and decode.  This splits "
	    "them.\n\nChanges since v1:\n - the bounds check moved into the "
	    "decoder\n - a fuzz target\n\n--- a/store/record.c\n+++ "
	    "b/store/record.c\n@@ -41,6 +41,9 @@\n-\tuint16_t n = *p++;\n"
	    "+\tif (left < 2)\n+\t\treturn ERR_CORRUPT;\n", NULL, &patch,
	    "devel.lists.example", "S" },
	{ AT_KERJA, 2, 22 * HOUR, JST, &tanaka, &list, NULL,
	    "Re: [PATCH v2] store: split the row reader",
	    "> +\tif (left < 2)\n> +\t\treturn ERR_CORRUPT;\n\nShould this not "
	    "compare with sizeof n?  Otherwise looks good.\n\nReviewed-by: "
	    "Tanaka Hiroshi\n", NULL, NULL, "devel.lists.example", "S" },
	{ AT_KERJA, 2, 7 * HOUR, CET, &ana, &list, NULL,
	    "Re: [PATCH v2] store: split the row reader",
	    "On Sat, 田中 宏 wrote:\n> Should this not compare with sizeof n?\n\n"
	    "It should.  v3 follows. Thank you 🙏\n\nAna\n", NULL, NULL,
	    "devel.lists.example", "" },
	/* Japan */
	{ AT_KERJA, 3, 30 * HOUR, JST, &tanaka, &budi_k, &bambang,
	    "見積書の件",
	    "ブディ様\n\nいつもお世話になっております。\nご依頼いただいた見積書を"
	    "お送りします。ご確認のほど、よろしくお願いいたします。\n\n"
	    "納期は十二月十五日の予定です。\n\n田中\n", NULL, &mitsumori, NULL,
	    "" },
	{ AT_KERJA, 3, 28 * HOUR, WIB, &bambang, &tanaka, &budi_k,
	    "Re: 見積書の件",
	    "田中様\n\nお見積もりありがとうございます。社内で検討いたします。\n\n"
	    "> 納期は十二月十五日の予定です。\n\n承知しました。\n\nBambang\n",
	    NULL, NULL, NULL, "S" },
	/* shop, HTML with a look-alike link */
	{ AT_KERJA, 0, 33 * HOUR, WIB, &toko, &budi_k, NULL,
	    "Pesanan Anda sedang dikirim 📦",
	    "Pesanan 20261120-7 sedang dikirim.\n",
	    "<html><body style=\"font-family:sans-serif\"><h1>Pesanan Anda "
	    "sedang dikirim</h1><p>Halo <b>Budi</b>,</p><p>pesanan "
	    "<b>20261120-7</b> sudah diserahkan kepada kurir.</p><table>"
	    "<tr><th>Judul</th><th>Jumlah</th></tr><tr><td>Laut Bercerita</td>"
	    "<td>1</td></tr><tr><td>The C Programming Language</td><td>1</td>"
	    "</tr></table><p><a href=\"https://tokosenja.example/lacak?n=7\">"
	    "Lacak kiriman</a></p><img src=\"https://tokosenja.example/p.gif\" "
	    "width=1 height=1><hr><p><small>Anda menerima surat ini karena "
	    "berbelanja di Toko Buku Senja.</small></p></body></html>", NULL,
	    NULL, "FS" },
	{ AT_KERJA, 0, 4 * DAY, WIB, &bank, &budi_k, NULL,
	    "Rekening Anda perlu diperiksa",
	    "Buka https://bankmerapi.example untuk memeriksa rekening Anda.\n",
	    "<p>Nasabah yang terhormat,</p><p>mohon periksa rekening Anda di "
	    "<a href=\"https://bankmerapi.example.penipu.example/masuk\">"
	    "https://bankmerapi.example</a> dalam 24 jam.</p>"
	    "<div style=\"display:none\">kata kunci tersembunyi</div>", NULL,
	    NULL, "S" },
	{ AT_KERJA, 0, 5 * DAY, WIB, &farid, &budi_k, NULL, "Makan siang?",
	    "Warung Bu Tini, jam 12? 🍜\n\nFarid\n", NULL, NULL, NULL, "RS" },
	{ AT_KERJA, 0, 5 * DAY + 200, WIB, &siti, &budi_k, NULL,
	    "Cuti bersama Desember",
	    "Teman-teman,\n\ncuti bersama tanggal 24, 25, dan 31 Desember. "
	    "Isi rencana cuti di https://kantor.example/cuti sebelum Jumat." SALAM
	    "Siti\n", NULL, NULL, NULL, "S" },
	/* the project */
	{ AT_PROYEK, 4, 9 * DAY, WIB, &siti, &budi_k, &farid, "Rencana rilis 3",
	    "Usul saya: bekukan fitur tanggal 1, rilis tanggal 15.\n\nSiti\n",
	    NULL, NULL, NULL, "S" },
	{ AT_PROYEK, 4, 8 * DAY, WIB, &farid, &siti, &budi_k,
	    "Re: Rencana rilis 3",
	    "> bekukan fitur tanggal 1, rilis tanggal 15.\n\nSetuju. Denah "
	    "ruang untuk acaranya terlampir.\n\nFarid\n", NULL, &denah, NULL,
	    "S" },
	{ AT_PROYEK, 4, 6 * HOUR, WIB, &siti, &budi_k, &farid,
	    "Re: Rencana rilis 3",
	    "Tinggal tiga hal yang belum selesai:\n\n  * halaman bantuan\n  * "
	    "terjemahan\n  * uji di terminal kecil\n\nSiapa mengambil yang mana?"
	    "\n\nSiti\n", NULL, NULL, NULL, "" },
	{ AT_PROYEK, 0, 7 * HOUR, WIB, &farid, &budi_k, NULL,
	    "Terjemahan: siapa membantu?",
	    "Masih 120 kalimat. 🇮🇩\n\nFarid\n", NULL, NULL, NULL, "" },
	{ AT_ALFA, 0, 40 * DAY, WIB, &siti, &budi_k, NULL, "Alfa: hasil uji",
	    "Semua hijau.\n\nSiti\n", NULL, NULL, NULL, "S" },
	{ AT_ALFA, 0, 38 * DAY, WIB, &bambang, &budi_k, NULL,
	    "Alfa: anggaran", "Sisa 12 juta.\n\nBambang\n", NULL, NULL, NULL, "S" },
	/* home */
	{ AT_RUMAH, 5, 3 * DAY, WIB, &ibu, &budi_r, NULL, "Pulang kapan?",
	    "Nak,\n\nminggu depan ada arisan keluarga. Kamu pulang kapan? Ibu "
	    "masak rendang ❤️\n\nIbu\n", NULL, NULL, NULL, "" },
	{ AT_RUMAH, 5, 2 * DAY, WIB, &dewi, &budi_r, NULL,
	    "Re: Pulang kapan?",
	    "> Ibu masak rendang\n\nAku ikut! Jemput di stasiun ya.\n\nDewi\n",
	    NULL, NULL, NULL, "" },
	{ AT_RUMAH, 0, 20 * HOUR, WIB, &joko, &budi_r, NULL,
	    "Foto dari Merapi 🌋",
	    "Bud,\n\nini foto kemarin sore. Dinginnya bukan main, tapi langitnya "
	    "begitu.\n\nJoko\n", NULL, &gunung, NULL, "" },
	{ AT_RUMAH, 0, 11 * HOUR, WIB, &rt, &budi_r, NULL,
	    "Kerja bakti hari Minggu",
	    "Yth. warga RT 05,\n\nkerja bakti diadakan hari Minggu pukul 07.00. "
	    "Harap membawa alat sendiri.\n\nPengurus\n", NULL, NULL, NULL, "" },
	{ AT_RUMAH, 0, 300, WIB, &kabar, &budi_r, NULL,
	    "Pagi ini: hujan, kereta, dan kopi",
	    "Kabar Pagi\n\nHujan diperkirakan turun sampai siang.\nKereta bandara "
	    "menambah enam perjalanan.\nHarga kopi naik.\n",
	    "<h2>Kabar Pagi</h2><ul><li>Hujan diperkirakan turun sampai siang."
	    "</li><li>Kereta bandara menambah enam perjalanan.</li><li>Harga "
	    "kopi naik.</li></ul><p><a href=\"https://kabarpagi.example/hari-ini"
	    "\">Baca selengkapnya</a></p>", NULL, "kabar.kabarpagi.example", "" },
};

/* The rest of a mailbox: older letters put together from pieces. */
enum { BULK = 270 };

static const char *const bulk_subjects[] = {
	"Catatan rapat mingguan", "Tagihan listrik bulan lalu",
	"Re: jadwal piket", "[devel] nightly build report",
	"Undangan: bincang sore", "Perubahan jam kerja", "Foto liburan",
	"Re: pertanyaan tentang kontrak", "Pembaruan sistem hari Sabtu",
	"Resep sambal bawang", "Invitation: code review", "Buku yang kupinjam",
	"Re: [devel] flaky test in CI", "Daftar belanja", "Selamat ulang tahun 🎂",
	"Tiket kereta Anda", "Laporan mingguan", "会議の議事録",
};

static const char *const bulk_texts[] = {
	"Halo,\n\nterlampir ringkasannya. Kalau ada yang kurang, kabari saya.\n\n"
	"Terima kasih!\n",
	"Hi Budi,\n\nthe numbers look right to me. Two small remarks inline:\n\n"
	"> The second table counts drafts.\n\nIt should not.\n\n> Everything else "
	"is done.\n\nGreat.\n",
	"Selamat sore,\n\nmohon maaf baru membalas. Minggu ini agak padat, jadi "
	"saya usulkan kita bicara hari Kamis. Ruangnya menyusul.\n",
	"All 412 tests passed in 3 min 12 s.\n\n  gcc    ok\n  clang  ok\n  asan   "
	"ok\n",
	"お疲れ様です。\n\n本日の議事録を共有します。ご確認ください。\n",
	"Hai Bud!\n\nLama tidak jumpa. Kapan ngopi lagi? ☕\n",
};

static const struct person *const bulk_people[] = {
	&ratna, &bambang, &siti, &farid, &ana, &tanaka, &dewi, &joko, &ibu, &list,
	&kabar, &toko,
};

static struct sample
bulk_get(unsigned i)
{
	enum place place = i % 3 == 0 ? AT_RUMAH : i % 11 == 0 ? AT_ARSIP :
	    i % 7 == 0 ? AT_PROYEK : AT_KERJA;

	return (struct sample){
		.place = place,
		.age_min = (int)(6 * DAY + (BULK - i) * 1313 + i * i % 977),
		.zone_min = WIB,
		.from = bulk_people[i * 7 % ARRAY_LEN(bulk_people)],
		.to = place == AT_RUMAH ? &budi_r : &budi_k,
		.subject = bulk_subjects[i * 5 % ARRAY_LEN(bulk_subjects)],
		.text = bulk_texts[i * 11 % ARRAY_LEN(bulk_texts)],
		.attachment = i % 13 == 0 ? &notulen : NULL,
		.flags = i % 17 == 0 ? "FS" : i % 29 == 0 ? "RS" : "S",
	};
}

unsigned
sample_count(void)
{
	return BULK + ARRAY_LEN(letters);
}

struct sample
sample_get(unsigned i)
{
	return i < BULK ? bulk_get(i) : letters[i - BULK];
}

struct sample
sample_later(unsigned k)
{
	static const struct sample later[] = {
		{ .from = &ratna, .to = &budi_k, .zone_min = WIB,
		    .subject = "Ruang Merapi sudah dipesan",
		    .text = "Budi,\n\nruang Merapi sudah saya pesan untuk hari "
		    "Senin pukul 10.00.\n\nRatna\n" },
		{ .from = &farid, .to = &budi_k, .zone_min = WIB,
		    .subject = "Re: Makan siang?",
		    .text = "Jadi ya, jam 12 di Warung Bu Tini 🍜\n" },
		{ .from = &tanaka, .to = &budi_k, .zone_min = JST,
		    .subject = "納期について",
		    .text = "ブディ様\n\n納期を一日早めることができます。\n\n田中\n" },
		{ .from = &siti, .to = &budi_k, .zone_min = WIB,
		    .subject = "Halaman bantuan selesai",
		    .text = "Tinggal dua hal lagi ✅\n\nSiti\n" },
		{ .from = &ana, .to = &budi_k, .zone_min = CET,
		    .subject = "[PATCH v3] store: split the row reader",
		    .text = "v3, with sizeof n as asked.\n\nAna\n",
		    .attachment = &patch },
	};

	return later[k % ARRAY_LEN(later)];
}
