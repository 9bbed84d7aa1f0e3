/* SPDX-License-Identifier: MIT */
#include "tests/mail/text.h"

#include "mail/html.h"

static void
expect_html(const char *html, const char *want)
{
	struct arena arena = { 0 };
	struct doc doc;
	struct span got;

	html_render(span_of(html), &arena, &doc);
	got = doc_text(&doc, &arena);
	cr_expect(span_eq(got, span_of(want)), "%s: got\n%.*s", html,
	    SPAN_ARG(got));
	arena_fini(&arena);
}

Test(html, blocks_become_lines_and_blanks_collapse)
{
	expect_html("<p>one\n  two</p><p>three<br>four", "one two\n\nthree\nfour\n");
	expect_html("a<div>b</div>c", "a\nb\nc\n");
	expect_html("<b>a</b> <i>b</i>c", "a bc\n");
	expect_html("<h1>Title</h1>text", "Title\n\ntext\n");
	expect_html("a<hr>b", "a\n---\nb\n");
	expect_html("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc\n");
	expect_html("caf&eacute; &lt;b&gt; &#128512; &bogus;",
	    "caf\u00e9 <b> \U0001f600 &bogus;\n");
	expect_html("", "");
	expect_html("plain", "plain\n");
}

Test(html, lists_have_markers_and_numbers)
{
	expect_html("<ul><li>a<li>b<ul><li>c</ul></ul>",
	    "\u2022 a\n\u2022 b\n  \u2022 c\n");
	expect_html("<ol start=9><li>a<li>b</ol>", "9. a\n10. b\n");
	expect_html("<ul><li><p>a</p><p>b</p></ul>", "\u2022 a\n\n  b\n");
	expect_html("<dl><dt>a<dd>b</dl>", "a\n    b\n");
}

Test(html, quotes_keep_their_depth)
{
	expect_html("a<blockquote>b<blockquote>c</blockquote></blockquote>d",
	    "a\n\n>b\n>\n>>c\n\nd\n");
}

Test(html, data_cells_stay_on_a_line_and_layout_cells_do_not)
{
	expect_html("<table><tr><th>A<th>B<tr><td>1<td>2</table>",
	    "A | B\n1 | 2\n");
	expect_html("<table><tr><td><p>a</p><td><p>b</p></table>", "a\n\nb\n");
	expect_html("<table><tr><td> <td>x<td> </table>", "x\n");
	expect_html("<table><tr><td><table><tr><td>a<td>b</table><td>"
	    "<table><tr><td>c</table></table>", "a | b\n\nc\n");
}

Test(html, what_readers_do_not_see_is_not_shown)
{
	expect_html("<style>p{}</style><script>x</script><title>t</title>a", "a\n");
	expect_html("<p style='Display : None !important'>x</p>a", "a\n");
	expect_html("<span style='font-size:0px'>x</span>a", "a\n");
	expect_html("<span style='color:red;visibility:hidden'>x</span>a", "a\n");
	expect_html("<span style='font-size:0.8em'>x</span>a", "xa\n");
	expect_html("<div hidden>x<p>y</p></div>a", "a\n");
	expect_html("<template>x</template><!-- c -->a", "a\n");
	expect_html("a<!-- b <p>c", "a\n");
}

Test(html, pictures_are_named_and_spies_are_not)
{
	expect_html("<img src=x alt='map.png'>", "[picture: map.png]\n");
	expect_html("<img src=x>", "[picture]\n");
	expect_html("<img src=x alt=''>a", "a\n");
	expect_html("<img src=x alt=spy width=1 height='1px'>a", "a\n");
	expect_html("<img src=x alt=wide width='100%'>", "[picture: wide]\n");
}

static void
expect_link(const char *html, const char *text, const char *url, bool lies)
{
	struct arena arena = { 0 };
	struct doc doc;

	html_render(span_of(html), &arena, &doc);
	cr_assert_eq(doc.nlines, 1, "%s", html);
	expect_span(doc.lines[0].text, text);
	cr_expect_eq(doc.nlinks, url != NULL, "%s", html);
	if (url && doc.nlinks) {
		expect_span(doc.links[0].url, url);
		cr_expect_eq(doc.links[0].is_deceptive, lies, "%s", html);
	}
	arena_fini(&arena);
}

Test(html, links_are_numbered_and_disguises_seen)
{
	expect_link("<a href='https://x.example/a'>here</a>.", "here[1].",
	    "https://x.example/a", false);
	expect_link("<a href='https://evil.example/'>https://bank.example/</a>",
	    "https://bank.example/[1]", "https://evil.example/", true);
	expect_link("<a href='https://evil.example/'>go to www.bank.example</a>",
	    "go to www.bank.example[1]", "https://evil.example/", true);
	expect_link("<a href='https://bank.example@evil.example/'>bank.example"
	    "</a>", "bank.example[1]", "https://bank.example@evil.example/",
	    true);
	expect_link("<a href='https://bank.example.evil.example'>bank.example"
	    "</a>", "bank.example[1]", "https://bank.example.evil.example",
	    true);
	expect_link("<a href='https://www.bank.example/x?y'>bank.example/x</a>",
	    "bank.example/x[1]", "https://www.bank.example/x?y", false);
	expect_link("<a href='mailto:ani@x.example'>ani@x.example</a>",
	    "ani@x.example[1]", "mailto:ani@x.example", false);
	expect_link("<a href='java\nscript:x'>a</a>", "a", NULL, false);
	expect_link("<a href='file:///etc/passwd'>a</a>", "a", NULL, false);
	expect_link("<a href='/relative'>a</a>", "a", NULL, false);
	expect_link("<a href='https://x.example/'></a>a", "a", NULL, false);
	expect_link("<a href=' HTTPS://x.example/ \n b '>a</a>", "a[1]",
	    "HTTPS://x.example/b", false);
}

Test(html, the_declared_charset_is_honoured)
{
	expect_html("<meta charset=windows-1251>\xcf", "\u041f\n");
	expect_html("<meta http-equiv=content-type content='text/html; "
	    "charset=shift_jis'>\x93\xfa", "\u65e5\n");
	expect_html("\xe9", "\u00e9\n");
	/* UTF-8 that says it is something else is still UTF-8. */
	expect_html("<meta charset=iso-8859-1>\u00e9", "\u00e9\n");
	expect_html("<meta charset=iso-2022-jp>\033$BF|\033(B", "\u65e5\n");
}

Test(html, floods_end_soon_and_leave_what_came_before)
{
	static const char *const floods[] = { "<b>", "<div>", "</i>",
		"<blockquote>", "<table><tr><td>", "<a href=http://x.example>y",
		"&lt", "<!--", "<p a=b ", "<![CDATA[", "<script>", "<?", "<li>",
		"<font>x<p>", "<br>", "\"", "<select><option>x", "<a b='" };

	for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
		struct arena arena = { 0 };
		struct buf in = { 0 };
		struct doc doc;

		buf_puts(&in, "<p>before</p>");
		repeat(&in, floods[i], (1 << 20) / strlen(floods[i]));
		html_render(buf_span(&in), &arena, &doc);
		cr_expect_leq(doc.nlines, DOC_LINES_MAX);
		cr_expect_leq(doc.nlinks, DOC_LINKS_MAX);
		cr_assert_gt(doc.nlines, 0, "%s", floods[i]);
		expect_span(doc.lines[0].text, "before");
		buf_fini(&in);
		arena_fini(&arena);
	}
}

Test(html, a_tag_of_a_million_attributes_is_cut)
{
	struct arena arena = { 0 };
	struct buf in = { 0 };
	struct doc doc;

	buf_puts(&in, "<p");
	for (int i = 0; i < 200000; i++)
		buf_printf(&in, " a%d=\"%d\"", i, i);
	buf_puts(&in, ">after");
	html_render(buf_span(&in), &arena, &doc);
	cr_assert_eq(doc.nlines, 1);
	expect_span(doc.lines[0].text, "after");
	buf_fini(&in);
	arena_fini(&arena);
}

Test(html, nesting_that_authors_forgot_to_close_loses_nothing)
{
	struct arena arena = { 0 };
	struct buf in = { 0 };
	struct doc doc;

	repeat(&in, "<font>", 600);
	buf_puts(&in, "end");
	html_render(buf_span(&in), &arena, &doc);
	cr_assert_eq(doc.nlines, 1);
	expect_span(doc.lines[0].text, "end");
	cr_expect_not(doc.is_truncated);
	buf_fini(&in);
	arena_fini(&arena);
}

Test(html, nul_does_not_end_the_text)
{
	struct arena arena = { 0 };
	struct doc doc;

	html_render(SPAN_LIT("a\0b"), &arena, &doc);
	cr_assert_eq(doc.nlines, 1);
	expect_span(doc.lines[0].text, "ab");
	arena_fini(&arena);
}
