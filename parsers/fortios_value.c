/* What stands below an entry, and what is wrong with it. */
#include "parsers/fortios_object.h"

struct fw_node *fw_fos_key(struct fw_fos *fos, struct fw_node *entry, const char *key)
{
    struct fw_node *node = fw_tree_find(&fos->tree, entry, fw_sv_from(key));
    fw_node_mark(node, FW_LINE_USED);
    return node;
}

fw_sv fw_fos_value(struct fw_fos *fos, struct fw_node *entry, const char *key)
{
    const struct fw_node *node = fw_fos_key(fos, entry, key);
    return node && node->child ? node->child->name : (fw_sv){0};
}

bool fw_fos_is(struct fw_fos *fos, struct fw_node *entry, const char *key, const char *value)
{
    return fw_sv_is_nocase(fw_fos_value(fos, entry, key), value);
}

bool fw_fos_prefix(const struct fw_node *key, fw_iprange *ret, fw_ip *ret_own)
{
    if (!key || key->n == 0 || key->n > 2) {
        return false;
    }
    fw_sv text = key->child->name;
    fw_ip ip;
    fw_ip mask;
    if (!fw_ip_parse(fw_sv_sub(text, 0, fw_sv_find_char(text, '/')), &ip)) {
        return false;
    }
    *ret_own = ip;
    if (key->n == 1) {
        return fw_iprange_parse(text, ret, NULL);
    }
    return fw_ip_parse(key->last->name, &mask) && fw_iprange_from_mask(ip, mask, ret);
}

void fw_fos_bad_value(struct fw_fos *fos, struct fw_node *node, const char *expected)
{
    fw_node_mark(node, FW_LINE_BAD);
    fw_doc_warn(fos->doc, FW_DIAG_ID_BAD_VALUE, node->span.line, node->name, "expected %s",
                expected);
}

bool fw_fos_ports(fw_sv text, uint16_t *ret_lo, uint16_t *ret_hi)
{
    uint32_t lo;
    uint32_t hi;
    size_t dash = fw_sv_find_char(text, '-');
    if (!fw_sv_u32(fw_sv_sub(text, 0, dash), UINT16_MAX, &lo)) {
        return false;
    }
    hi = lo;
    if (dash != SIZE_MAX && !fw_sv_u32(fw_sv_sub(text, dash + 1, SIZE_MAX), UINT16_MAX, &hi)) {
        return false;
    }
    if (hi < lo) {
        return false;
    }
    *ret_lo = (uint16_t)lo;
    *ret_hi = (uint16_t)hi;
    return true;
}
