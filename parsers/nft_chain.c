/* The lines of a chain that are no rules: where it hooks in, and what happens at its end.
 *   type filter hook input device "eth0" priority filter + 10; policy drop; */
#include "parsers/nft_text.h"

static void read_devices(struct fw_nft *nft, struct fw_nft_reader *r, struct fw_nft_chain *chain)
{
    if (fw_nft_skip(r, "device")) {
        fw_nft_chain_device(nft, chain, fw_nft_take_name(r));
    } else if (fw_nft_skip(r, "devices")) {
        fw_nft_skip(r, "=");
        const struct fw_nft_expr *devices = fw_nft_read_value(r);
        for (size_t i = 0; devices && i < devices->n; i++) {
            if (devices->v[i]->kind == FW_NFT_VALUE) {
                fw_nft_chain_device(nft, chain, devices->v[i]->text);
            }
        }
    }
}

/* "priority filter + 10", "priority -150" */
static void read_priority(struct fw_nft *nft, struct fw_nft_reader *r, struct fw_nft_chain *chain)
{
    fw_sv name = {0};
    int64_t offset = 0;
    int64_t sign = 1;
    uint64_t number = 0;
    bool ok = true;
    fw_sv raw = r->raw;
    while (ok && r->token == FW_NFT_WORD && !fw_nft_at(r, "policy")) {
        fw_sv word = r->text;
        if (fw_sv_is(word, "-") || fw_sv_is(word, "+")) {
            sign = fw_sv_is(word, "-") ? -1 : 1;
        } else if (fw_sv_starts(word, "-") || fw_sv_starts(word, "+")) {
            ok = fw_sv_u64(fw_sv_sub(word, 1, SIZE_MAX), &number) && number < INT32_MAX;
            offset = word.p[0] == '-' ? -(int64_t)number : (int64_t)number;
        } else if (fw_sv_u64(word, &number)) {
            ok = number < INT32_MAX;
            offset = sign * (int64_t)number;
        } else {
            name = word;
        }
        fw_nft_next(r);
    }
    if (!ok || !fw_nft_chain_priority(chain, name, offset)) {
        fw_doc_bad(nft->doc, r->line, raw, "expected a priority");
    }
}

/* "type filter hook input device eth0 priority filter; policy drop;" */
static void read_hook(struct fw_nft *nft, struct fw_nft_reader *r, struct fw_nft_chain *chain)
{
    fw_sv type = fw_nft_take_name(r);
    if (!fw_nft_skip(r, "hook")) {
        fw_nft_fail(r, "\"hook\"");
        return;
    }
    fw_sv hook = fw_nft_take_name(r);
    if (!r->failed && !fw_nft_chain_hook(chain, type, hook)) {
        fw_doc_unsupported(nft->doc, r->line, r->raw, "%s",
                           "unknown type or hook: the chain is taken as one that nothing calls");
    }
    while (!fw_nft_at_end(r) && !r->failed) {
        if (fw_nft_skip(r, "priority")) {
            read_priority(nft, r, chain);
        } else if (fw_nft_at(r, "device") || fw_nft_at(r, "devices")) {
            read_devices(nft, r, chain);
        } else {
            fw_nft_fail(r, "\"priority\"");
        }
    }
}

bool fw_nft_read_chain_property(struct fw_nft *nft, struct fw_nft_reader *r,
                                struct fw_nft_chain *chain)
{
    if (fw_nft_skip(r, "type")) {
        read_hook(nft, r, chain);
    } else if (fw_nft_at(r, "policy")) {
        fw_sv raw = r->raw;
        uint32_t line = r->line;
        fw_nft_next(r);
        if (!fw_nft_at(r, "accept") && !fw_nft_at(r, "drop")) {
            fw_nft_fail(r, "accept or drop");
        }
        fw_nft_chain_policy(chain, r->text, fw_doc_span(nft->doc, raw, line));
        fw_nft_next(r);
    } else if (fw_nft_at(r, "device") || fw_nft_at(r, "devices")) {
        read_devices(nft, r, chain);
    } else if (fw_nft_at(r, "comment") || fw_nft_at(r, "flags")) {
        fw_nft_skip_line(r);
    } else {
        return false;
    }
    return true;
}
