/* libFuzzer's entry: FWPROOF_FUZZ names the parser of the registry, or a form (forms.h). Build with
 * clang and -fsanitize=fuzzer (docs/adding-a-format.md). */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/forms.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const struct fw_parser *parser;
    static const struct fuzz_form *form;
    if (!parser && !form) {
        const char *name = getenv("FWPROOF_FUZZ");
        parser = name ? fw_parser_find(fw_sv_from(name)) : NULL;
        form = name ? fuzz_form_find(name) : NULL;
        if (!parser && !form) {
            fprintf(stderr, "FWPROOF_FUZZ has to name a parser of the registry or a form\n");
            exit(2);
        }
    }
    if (parser) {
        fuzz_one(parser, fw_sv_of((const char *)data, size));
    } else {
        fuzz_form_one(form, fw_sv_of((const char *)data, size));
    }
    return 0;
}
