/* libFuzzer's entry: FWPROOF_FUZZ names the parser of the registry. Build with clang and
 * -fsanitize=fuzzer (docs/adding-a-format.md). */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const struct fw_parser *parser;
    if (!parser) {
        const char *name = getenv("FWPROOF_FUZZ");
        parser = name ? fw_parser_find(fw_sv_from(name)) : NULL;
        if (!parser) {
            fprintf(stderr, "FWPROOF_FUZZ has to name a parser of the registry\n");
            exit(2);
        }
    }
    fuzz_one(parser, fw_sv_of((const char *)data, size));
    return 0;
}
