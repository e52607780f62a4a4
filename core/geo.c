/* Walks the search tree of an mmdb once. libmaxminddb reads the file; what it says is checked. */
#include "core/geo.h"

#include <maxminddb.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/search.h"

struct walk {
    MMDB_s *db;
    struct fw_arena *arena;
    struct fw_geo_range *v;
    size_t n;
    uint64_t visited;
    bool bad;
    uint32_t cached_offset[64]; /* records are shared: most networks of one country have one */
    fw_country cached[64];
    bool is_cached[64];
};

static fw_country code_of(const MMDB_entry_data_s *data)
{
    fw_country country = {""};
    if (data->has_data && data->type == MMDB_DATA_TYPE_UTF8_STRING && data->data_size == 2) {
        const char *text = data->utf8_string;
        if (text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z') {
            country.code[0] = text[0];
            country.code[1] = text[1];
        }
    }
    return country;
}

/* "country", else where the network is registered. */
static fw_country country_of(struct walk *walk, MMDB_entry_s *entry)
{
    static const char *const keys[] = {"country", "registered_country"};
    size_t slot = entry->offset % 64;
    if (walk->is_cached[slot] && walk->cached_offset[slot] == entry->offset) {
        return walk->cached[slot];
    }
    fw_country country = {""};
    for (size_t i = 0; i < 2 && country.code[0] == 0 && !walk->bad; i++) {
        MMDB_entry_data_s data;
        int status = MMDB_get_value(entry, &data, keys[i], "iso_code", NULL);
        if (status == MMDB_SUCCESS) {
            country = code_of(&data);
        } else {
            walk->bad = status != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR;
        }
    }
    walk->is_cached[slot] = true;
    walk->cached_offset[slot] = entry->offset;
    walk->cached[slot] = country;
    return country;
}

static fw_ip ip_of(enum fw_family family, uint64_t hi, uint64_t lo)
{
    return family == FW_IPV6 ? fw_ip6(hi, lo) : fw_ip4((uint32_t)lo);
}

static void add(struct walk *walk, enum fw_family family, uint64_t hi, uint64_t lo, unsigned bits,
                MMDB_entry_s *entry)
{
    fw_country country = country_of(walk, entry);
    fw_iprange range;
    if (country.code[0] == 0 || !fw_iprange_from_prefix(ip_of(family, hi, lo), bits, &range)) {
        return;
    }
    struct fw_geo_range *last = walk->n > 0 ? &walk->v[walk->n - 1] : NULL;
    if (last && memcmp(&last->country, &country, sizeof(country)) == 0 &&
        last->range.hi.family == range.lo.family &&
        fw_ip_eq(fw_ip_next(last->range.hi), range.lo)) {
        last->range.hi = range.hi;
        return;
    }
    walk->v = fw_arena_push(walk->arena, walk->v, walk->n, sizeof(*walk->v));
    walk->v[walk->n++] = (struct fw_geo_range){range, country};
}

/* One node of the tree: a prefix of `bits` bits. In IPv6 trees IPv4 is the part below ::/96; what
 * points there from elsewhere (6to4 and the like) is the same networks again. */
struct place {
    uint32_t node;
    uint64_t hi, lo;
    unsigned bits;
};

static void visit(struct walk *walk, uint32_t root, enum fw_family family, unsigned depth,
                  uint32_t skip)
{
    struct place stack[130];
    size_t n = 0;
    stack[n++] = (struct place){root, 0, 0, 0};
    uint64_t most = (uint64_t)walk->db->metadata.node_count * 4 + 1024;
    while (n > 0 && !walk->bad) {
        struct place at = stack[--n];
        MMDB_search_node_s node;
        walk->bad = ++walk->visited > most || at.bits >= depth ||
                    MMDB_read_node(walk->db, at.node, &node) != MMDB_SUCCESS;
        for (int side = 1; side >= 0 && !walk->bad; side--) {
            unsigned bit = depth - at.bits - 1;
            struct place next = {0, at.hi, at.lo, at.bits + 1};
            uint64_t one = UINT64_C(1) << (bit & 63);
            next.hi |= side == 1 && bit >= 64 ? one : 0;
            next.lo |= side == 1 && bit < 64 ? one : 0;
            next.node = (uint32_t)(side ? node.right_record : node.left_record);
            uint8_t type = side ? node.right_record_type : node.left_record_type;
            bool again = skip != 0 && type == MMDB_RECORD_TYPE_SEARCH_NODE && next.node == skip;
            if (again || type == MMDB_RECORD_TYPE_EMPTY) {
                continue;
            }
            if (type == MMDB_RECORD_TYPE_SEARCH_NODE && n < 130) {
                stack[n++] = next;
            } else if (type == MMDB_RECORD_TYPE_DATA) {
                add(walk, family, next.hi, next.lo, next.bits,
                    side ? &node.right_record_entry : &node.left_record_entry);
            } else {
                walk->bad = true;
            }
        }
    }
}

static int by_first(const void *a, const void *b)
{
    const struct fw_geo_range *x = a;
    const struct fw_geo_range *y = b;
    return fw_ip_cmp(x->range.lo, y->range.lo);
}

static bool sorted(struct walk *walk)
{
    if (walk->n > 1) {
        qsort(walk->v, walk->n, sizeof(*walk->v), by_first);
    }
    for (size_t i = 1; i < walk->n; i++) {
        if (fw_ip_cmp(walk->v[i - 1].range.hi, walk->v[i].range.lo) >= 0) {
            return false;
        }
    }
    return true;
}

enum fw_err fw_geo_load(struct fw_arena *arena, const char *path, struct fw_geo *ret)
{
    MMDB_s db;
    int status = MMDB_open(path, MMDB_MODE_MMAP, &db);
    if (status != MMDB_SUCCESS) {
        return status == MMDB_FILE_OPEN_ERROR       ? FW_ERR_NOENT
               : status == MMDB_OUT_OF_MEMORY_ERROR ? FW_ERR_MEMORY
                                                    : FW_ERR_INVALID;
    }
    struct walk walk = {.db = &db, .arena = arena};
    uint32_t v4 = 0;
    bool six = db.metadata.ip_version == 6;
    if (six && db.ipv4_start_node.netmask == 96 &&
        db.ipv4_start_node.node_value < db.metadata.node_count) {
        v4 = db.ipv4_start_node.node_value;
        visit(&walk, v4, FW_IPV4, 32, 0);
    }
    if (!walk.bad) {
        visit(&walk, 0, six ? FW_IPV6 : FW_IPV4, six ? 128 : 32, v4);
    }
    if (!walk.bad && walk.n > 0 && sorted(&walk)) { /* one without countries would answer all */
        *ret = (struct fw_geo){
            .n = walk.n,
            .v = walk.v,
            .type = fw_arena_copy(
                arena, fw_sv_from(db.metadata.database_type ? db.metadata.database_type : "")),
            .built = db.metadata.build_epoch,
        };
    } else {
        status = MMDB_CORRUPT_SEARCH_TREE_ERROR;
    }
    MMDB_close(&db);
    return status == MMDB_SUCCESS ? FW_OK : FW_ERR_INVALID;
}

/* The first range that does not end before the address; geo->n when there is none. */
static size_t first_from(const struct fw_geo *geo, fw_ip ip)
{
    size_t lo;
    FW_SEARCH(lo, geo->n, fw_ip_cmp(geo->v[lo].range.hi, ip) < 0);
    return lo;
}

fw_country fw_geo_find(const struct fw_geo *geo, fw_ip ip)
{
    size_t i = first_from(geo, ip);
    bool inside = i < geo->n && fw_iprange_has(geo->v[i].range, ip);
    return inside ? geo->v[i].country : (fw_country){""};
}

static double size_of(fw_iprange range)
{
    struct fw_ipset set = {1, &range};
    return fw_ipset_size(&set);
}

enum { CODES = 26 * 26 + 1 };

static size_t number_of(fw_country country)
{
    return country.code[0] == 0
               ? 0
               : 1 + (size_t)(country.code[0] - 'A') * 26 + (size_t)(country.code[1] - 'A');
}

size_t fw_geo_countries(struct fw_arena *arena, const struct fw_geo *geo,
                        const struct fw_ipset *set, struct fw_geo_count **ret)
{
    struct fw_geo_count *all = fw_new_array(arena, CODES, struct fw_geo_count);
    for (size_t i = 0; i < set->n; i++) {
        fw_iprange whole = set->v[i];
        double known = 0;
        for (size_t k = first_from(geo, whole.lo);
             k < geo->n && fw_ip_cmp(geo->v[k].range.lo, whole.hi) <= 0; k++) {
            fw_iprange part = geo->v[k].range;
            part.lo = fw_ip_cmp(part.lo, whole.lo) < 0 ? whole.lo : part.lo;
            part.hi = fw_ip_cmp(part.hi, whole.hi) > 0 ? whole.hi : part.hi;
            struct fw_geo_count *count = &all[number_of(geo->v[k].country)];
            double size = size_of(part);
            if (count->addresses <= 0 || size > size_of(count->example)) {
                count->example = part;
            }
            count->country = geo->v[k].country;
            count->addresses += size;
            known += size;
        }
        if (size_of(whole) > known) {
            all[0].addresses += size_of(whole) - known;
            all[0].example = whole;
        }
    }
    size_t n = 0;
    for (size_t i = 0; i < CODES; i++) {
        if (all[i].addresses > 0) {
            all[n++] = all[i];
        }
    }
    *ret = all;
    return n;
}
