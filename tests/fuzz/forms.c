/* Forms, worksheets, lists of keys, signatures and time stamps, with everything that may be asked
 * of what was read. */
#include "tests/fuzz/forms.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/buf.h"
#include "evidence/cms.h"
#include "evidence/signers.h"
#include "evidence/sshsig.h"
#include "evidence/tsa.h"
#include "parsers/decisions.h"
#include "parsers/improvement.h"
#include "parsers/xlsx.h"
#include "tests/fuzz/target.h"

static void open_doc(struct fw_doc *doc, fw_sv bytes)
{
    fw_doc_init(doc, FW_SV("input"), fw_diags_new());
    fw_doc_set_text(doc, bytes);
}

static void close_doc(struct fw_doc *doc)
{
    struct fw_diags *diags = doc->diags;
    fuzz_counts(fw_doc_counts(doc));
    fw_doc_clear(doc);
    fw_diags_free(diags);
}

static void fuzz_improvement(fw_sv bytes)
{
    struct fw_doc doc;
    struct fw_improvements form;
    open_doc(&doc, bytes);
    if (fw_improvements_parse(&doc, 0, &form) == FW_OK) {
        for (size_t i = 0; i < form.n; i++) {
            fuzz_promise(form.v[i].span.line >= 1 && form.v[i].span.line <= doc.nlines,
                         "rows have a line");
        }
    }
    close_doc(&doc);
}

static void fuzz_decisions(fw_sv bytes)
{
    struct fw_doc doc;
    struct fw_decisions list;
    open_doc(&doc, bytes);
    if (fw_decisions_parse(&doc, 0, &list) == FW_OK) {
        for (size_t i = 0; i < list.n; i++) {
            const struct fw_decision *d = list.v[i];
            fuzz_promise(fw_decision_find(&list.index, d) == d, "a decision is found again");
            fuzz_promise(d->reason.n > 0 && d->by.n > 0 && d->decided_ns != INT64_MIN,
                         "a decision has reason, person and day");
            fuzz_promise(d->decided != FW_DECIDED_WAIVE || d->until_ns > d->decided_ns,
                         "a waiver ends after it was decided");
        }
    }
    close_doc(&doc);
}

static void number(struct fw_buf *out, size_t bytes, uint64_t value)
{
    for (size_t i = 0; i < bytes; i++) {
        fw_buf_add_char(out, (char)(i < sizeof(value) ? value >> (8 * i) & 0xff : 0));
    }
}

/* A member of a ZIP file, stored: what stands in front of its data, and in the list at the end. */
static void header(struct fw_buf *out, const char *signature, fw_sv name, fw_sv data, bool central,
                   size_t offset)
{
    fw_buf_add(out, fw_sv_of(signature, 4));
    number(out, central ? 2 : 0, 20); /* version made by */
    number(out, 2, 20);               /* version needed */
    number(out, 2 + 2 + 4, 0);        /* flags, stored, time */
    number(out, 4, crc32(0, (const unsigned char *)data.p, (unsigned)data.n));
    number(out, 4, data.n);
    number(out, 4, data.n);
    number(out, 2, name.n);
    number(out, 2, 0);                           /* extra */
    number(out, central ? 2 + 2 + 2 + 4 : 0, 0); /* comment, disk, attributes */
    number(out, central ? 4 : 0, offset);
    fw_buf_add(out, name);
}

/* The XML of a workbook: damage to a real one never gets behind its checksums. Sheet, strings,
 * styles and workbook, with a line "--" between them. */
static void fuzz_sheet(fw_sv bytes)
{
    static const char *const names[] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                        "xl/styles.xml", "xl/workbook.xml"};
    enum { MEMBERS = sizeof(names) / sizeof(names[0]) };
    struct fw_buf zip, list;
    fw_buf_init(&zip);
    fw_buf_init(&list);
    for (size_t i = 0; i < MEMBERS; i++) {
        size_t end = i + 1 < MEMBERS ? fw_sv_find(bytes, FW_SV("\n--\n")) : SIZE_MAX;
        fw_sv data = fw_sv_sub(bytes, 0, end);
        bytes = end == SIZE_MAX ? FW_SV("") : fw_sv_sub(bytes, end + 4, bytes.n);
        header(&list, "PK\1\2", fw_sv_from(names[i]), data, true, zip.n);
        header(&zip, "PK\3\4", fw_sv_from(names[i]), data, false, 0);
        fw_buf_add(&zip, data);
    }
    size_t at = zip.n;
    fw_buf_add(&zip, fw_buf_sv(&list));
    fw_buf_add(&zip, fw_sv_of("PK\5\6\0\0\0\0", 8));
    number(&zip, 2, MEMBERS);
    number(&zip, 2, MEMBERS);
    number(&zip, 4, list.n);
    number(&zip, 4, at);
    number(&zip, 2, 0);
    struct fw_arena arena;
    fw_sv text;
    fw_arena_init(&arena, 0);
    enum fw_err err = fw_xlsx_text(fw_buf_sv(&zip), &arena, &text);
    fuzz_promise(err == FW_OK || err == FW_ERR_INVALID || err == FW_ERR_LIMIT, "read, or refused");
    fw_arena_clear(&arena);
    fuzz_improvement(fw_buf_sv(&zip));
    fw_buf_clear(&zip);
    fw_buf_clear(&list);
}

static void fuzz_signature(fw_sv bytes)
{
    struct fw_arena arena;
    struct fw_cms cms;
    struct fw_sshsig ssh;
    struct fw_buf why;
    fw_arena_init(&arena, 0);
    fw_buf_init(&why);
    if (fw_cms_parse(bytes, &arena, &cms)) {
        fuzz_promise(cms.fingerprint.n == 64 && cms.public_key.n > 0, "certificates have a key");
        (void)fw_cms_verify(NULL, bytes, FW_SV("data"), &why);
    }
    (void)fw_sshsig_parse(bytes, &arena, &ssh);
    fw_buf_clear(&why);
    fw_arena_clear(&arena);
}

static void fuzz_stamp(fw_sv bytes)
{
    struct fw_arena arena;
    struct fw_tsa_stamp stamp;
    struct fw_buf why;
    fw_sv kept;
    fw_arena_init(&arena, 0);
    fw_buf_init(&why);
    fuzz_promise(fw_tsa_verify(NULL, bytes, FW_SV("else"), &arena, &stamp, &why) != FW_OK,
                 "a stamp of something else is refused");
    (void)fw_tsa_reply(bytes, FW_SV("else"), &arena, &kept, &why);
    fw_buf_clear(&why);
    fw_arena_clear(&arena);
}

static void fuzz_signers(fw_sv bytes)
{
    struct fw_arena arena;
    struct fw_signers signers;
    struct fw_buf why;
    fw_arena_init(&arena, 0);
    fw_buf_init(&why);
    if (fw_signers_parse(bytes, &arena, &signers, &why)) {
        for (size_t i = 0; i < signers.n; i++) {
            fuzz_promise(fw_principal_valid(signers.v[i].principal), "a name is no pattern");
        }
    }
    fw_buf_clear(&why);
    fw_arena_clear(&arena);
}

const struct fuzz_form fuzz_forms[] = {
    {"decisions", fuzz_decisions},
    {"improvement", fuzz_improvement},
    {"sheet", fuzz_sheet},
    {"signature", fuzz_signature},
    {"signers", fuzz_signers},
    {"stamp", fuzz_stamp},
    {NULL, NULL},
};

const struct fuzz_form *fuzz_form_find(const char *name)
{
    const struct fuzz_form *form = fuzz_forms;
    while (form->name && strcmp(form->name, name) != 0) {
        form++;
    }
    return form->name ? form : NULL;
}

void fuzz_form_one(const struct fuzz_form *form, fw_sv bytes)
{
    char *copy = malloc(bytes.n ? bytes.n : 1);
    if (bytes.n > 0) {
        memcpy(copy, bytes.p, bytes.n);
    }
    form->run(fw_sv_of(copy, bytes.n));
    free(copy);
}
