/* The services that fwproof knows of firewalld, against the files that come with firewalld: each
 * stands for the same ports, protocols and destinations. */
#include <stdio.h>

#include "parsers/firewalld.h"
#include "parsers/parser.h"
#include "tests/corpus/corpus.h"

#define FOLDER "rulesets/firewalld/firewalld/services__"

/* The hash of what the one service of the text stands for. */
static bool content(fw_sv text, fw_sha256 *ret)
{
    struct fw_diags *diags = fw_diags_new();
    struct fw_doc doc;
    struct fw_ruleset ruleset;
    bool ok = false;
    fw_doc_init(&doc, FW_SV("service.xml"), diags);
    fw_doc_set_text(&doc, text);
    if (fw_ruleset_parse(&doc, fw_parser_find(FW_SV("firewalld")), &ruleset) == FW_OK &&
        ruleset.nobjects == 1) {
        *ret = ruleset.objects[0]->content;
        ok = true;
    }
    fw_doc_clear(&doc);
    fw_diags_free(diags);
    return ok;
}

static bool is_known(fw_sv name)
{
    struct fw_fwd fwd;
    struct fw_doc doc;
    struct fw_ruleset ruleset = {0};
    struct fw_choice choice;
    fw_doc_init(&doc, name, NULL);
    fw_fwd_init(&fwd, &doc, &ruleset);
    bool known = fw_fwd_service(&fwd, name, &choice);
    fw_doc_clear(&doc);
    return known;
}

int main(void)
{
    struct fw_arena arena;
    struct corpus_files files;
    size_t known = 0;
    size_t alike = 0;
    int code = corpus_open(&arena, FOLDER, &files);
    if (code != 0) {
        return code;
    }
    for (size_t i = 0; i < files.n; i++) {
        size_t lead = sizeof(FOLDER) - 1;
        fw_sv name = fw_sv_sub(files.v[i].name, lead, files.v[i].name.n - lead - 4);
        fw_sv asked = fw_arena_printf(&arena, "<service><include service=\"%.*s\"/></service>",
                                      FW_SV_ARG(name));
        fw_sha256 ours;
        fw_sha256 theirs;
        if (!is_known(name)) {
            continue;
        }
        bool same = content(asked, &ours) &&
                    content(corpus_read(&arena, files.v[i].path.p), &theirs) &&
                    fw_sha256_eq(ours, theirs);
        known++;
        alike += same;
        if (!same) {
            printf("differs: %.*s\n", FW_SV_ARG(name));
        }
    }
    printf("%zu of their services are known, %zu alike\n", known, alike);
    fw_arena_clear(&arena);
    return known == 0 || alike != known;
}
