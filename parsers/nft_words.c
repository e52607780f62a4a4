/* One spelling for every expression of nftables: what is not modelled is known by its words, and
 * those must not depend on who printed the ruleset. Also: which words name something. */
#include "parsers/nft.h"

#include "core/buf.h"
#include "core/limits.h"

struct field_row {
    const char *protocol;
    const char *fields;
};

static const struct field_row field_rows[] = {
#define FW_NFT_FIELD(protocol, fields) {protocol, fields},
#include "parsers/nft_fields.def"
#undef FW_NFT_FIELD
};

bool fw_nft_is_one_of(fw_sv word, const char *list)
{
    fw_sv rest = fw_sv_from(list);
    fw_sv one;
    while (fw_sv_word(&rest, &one)) {
        if (fw_sv_eq(one, word)) {
            return true;
        }
    }
    return false;
}

bool fw_nft_is_field(fw_sv protocol, fw_sv field)
{
    for (size_t i = 0; i < sizeof(field_rows) / sizeof(field_rows[0]); i++) {
        if (fw_sv_is(protocol, field_rows[i].protocol)) {
            return fw_nft_is_one_of(field, field_rows[i].fields);
        }
    }
    if (fw_sv_is(protocol, "arp")) {
        return fw_sv_is(field, "saddr") || fw_sv_is(field, "daddr");
    }
    return false;
}

static const char bare_metas[] =
    " iif oif iifname oifname iiftype oiftype mark skuid skgid nftrace "
    "rtclassid iifgroup oifgroup pkttype cpu cgroup ibrname obrname ";
static const char other_metas[] =
    " length protocol nfproto l4proto priority random secpath ibrpvid ibrvproto sdif sdifname time "
    "day hour iifkind oifkind broute secmark ibrhwaddr ipsec ";

bool fw_nft_is_bare_meta(fw_sv word)
{
    return fw_nft_is_one_of(word, bare_metas);
}

bool fw_nft_is_meta(fw_sv word)
{
    return fw_nft_is_bare_meta(word) || fw_nft_is_one_of(word, other_metas);
}

const char *fw_nft_op_text(enum fw_nft_op op)
{
    static const char *const texts[] = {"==", "!=", "<", ">", "<=", ">=", "", "!"};
    return texts[op];
}

static void print(struct fw_arena *arena, fw_sv **words, size_t *n, const struct fw_nft_expr *expr,
                  unsigned depth);

static void push(struct fw_arena *arena, fw_sv **words, size_t *n, fw_sv word)
{
    *words = fw_arena_push(arena, *words, *n, sizeof(**words));
    (*words)[(*n)++] = word;
}

static void print_all(struct fw_arena *arena, fw_sv **words, size_t *n,
                      const struct fw_nft_expr *expr, const char *between, unsigned depth)
{
    for (size_t i = 0; i < expr->n; i++) {
        if (i > 0) {
            push(arena, words, n, fw_sv_from(between));
        }
        print(arena, words, n, expr->v[i], depth);
    }
}

static void print(struct fw_arena *arena, fw_sv **words, size_t *n, const struct fw_nft_expr *expr,
                  unsigned depth)
{
    if (depth > FW_LIMIT_CONFIG_DEPTH) {
        push(arena, words, n, FW_SV("..."));
        return;
    }
    depth++;
    switch (expr->kind) {
    case FW_NFT_VALUE:
    case FW_NFT_KEY:
        push(arena, words, n, expr->text);
        break;
    case FW_NFT_PREFIX:
        push(arena, words, n,
             fw_arena_printf(arena, "%.*s/%.*s", FW_SV_ARG(expr->v[0]->text),
                             FW_SV_ARG(expr->text)));
        break;
    case FW_NFT_RANGE:
        push(arena, words, n,
             fw_arena_printf(arena, "%.*s-%.*s", FW_SV_ARG(expr->v[0]->text),
                             FW_SV_ARG(expr->v[1]->text)));
        break;
    case FW_NFT_FLAGS:
        print_all(arena, words, n, expr, ",", depth);
        break;
    case FW_NFT_SET:
        push(arena, words, n, FW_SV("{"));
        print_all(arena, words, n, expr, ",", depth);
        push(arena, words, n, FW_SV("}"));
        break;
    case FW_NFT_REF:
        push(arena, words, n, fw_arena_printf(arena, "@%.*s", FW_SV_ARG(expr->text)));
        break;
    case FW_NFT_CONCAT:
        print_all(arena, words, n, expr, ".", depth);
        break;
    case FW_NFT_BINOP:
        print(arena, words, n, expr->v[0], depth);
        push(arena, words, n, expr->text);
        print(arena, words, n, expr->v[1], depth);
        break;
    case FW_NFT_MAP:
        print_all(arena, words, n, expr, "map", depth);
        break;
    case FW_NFT_PAIR:
        print_all(arena, words, n, expr, ":", depth);
        break;
    case FW_NFT_VERDICT:
        push(arena, words, n, expr->text);
        print_all(arena, words, n, expr, "", depth);
        break;
    case FW_NFT_ANY:
        push(arena, words, n, FW_SV("*"));
        break;
    }
}

fw_sv fw_nft_words(struct fw_arena *arena, const struct fw_nft_expr *expr)
{
    fw_sv *words = NULL;
    size_t n = 0;
    print(arena, &words, &n, expr, 0);
    return fw_words_join(arena, words, n);
}
