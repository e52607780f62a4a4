/* Expressions and statements of `nft -j`, as those of the text. */
#ifndef FW_PARSERS_NFT_JSON_H
#define FW_PARSERS_NFT_JSON_H

#include "core/json.h"
#include "parsers/nft.h"

struct fw_nft_json {
    struct fw_doc *doc;
    struct fw_arena *arena; /* of what is read */
    bool failed;            /* something was not understood; reported */
};

/* The elements of a named set or map. */
const struct fw_nft_expr *fw_nft_json_element(struct fw_nft_json *json,
                                              const struct fw_jvalue *value);
bool fw_nft_json_statement(struct fw_nft_json *json, const struct fw_jvalue *value,
                           struct fw_nft_rule *rule);
void fw_nft_json_fail(struct fw_nft_json *json, const struct fw_jvalue *value,
                      const char *expected);

#endif
