#include "tests/unit/idsparse.h"

#include <check.h>
#include <string.h>

void idsparse(struct idsparse *p, const struct fw_parser *parser, const char *path, fw_sv text)
{
    p->diags = fw_diags_new();
    fw_doc_init(&p->doc, fw_sv_from(path), p->diags);
    fw_doc_set_text(&p->doc, text);
    ck_assert_int_eq(fw_idsrules_parse(&p->doc, parser, &p->rules), FW_OK);
    struct fw_line_counts c = fw_doc_counts(&p->doc);
    ck_assert_uint_eq(c.total, c.used + c.ignored + c.unsupported + c.bad);
}

void idsparse_clear(struct idsparse *p)
{
    fw_doc_clear(&p->doc);
    fw_diags_free(p->diags);
}

void idsparse_lines(const struct idsparse *p, unsigned used, unsigned ignored, unsigned unsupported,
                    unsigned bad)
{
    struct fw_line_counts c = fw_doc_counts(&p->doc);
    ck_assert_uint_eq(c.used, used);
    ck_assert_uint_eq(c.ignored, ignored);
    ck_assert_uint_eq(c.unsupported, unsupported);
    ck_assert_uint_eq(c.bad, bad);
}

void idsparse_is(fw_sv have, const char *want)
{
    if (!fw_sv_is(have, want)) {
        ck_abort_msg("found \"%.*s\", expected \"%s\"", (int)have.n, have.p, want);
    }
}
