/* How few boxes would do? */
#include "tests/oracle/fewest.h"

#include <string.h>

enum { DIMS = 10, MOST = 6, NODES = 4000, VALUES = 64, NONE = 255 };

struct value {
    bool there;
    fw_ip ip;
    uint64_t number;
    fw_sv name;
};

struct packet_ids {
    uint8_t v[DIMS]; /* NONE: the packet has no such value */
};

/* A box: for each dimension which values are in it. */
struct product {
    uint64_t v[DIMS];
};

struct search {
    size_t n;
    const struct packet_ids *packets;
    const bool *wanted;
    struct product boxes[MOST];
    size_t nboxes;
    unsigned nodes;
};

static void values_of(const struct fw_packet *p, struct value ret[DIMS])
{
    const struct value v[DIMS] = {
        {.there = p->src.family != 0, .ip = p->src},
        {.there = p->dst.family != 0, .ip = p->dst},
        {.there = p->has_proto, .number = p->proto},
        {.there = p->has_sport, .number = p->sport},
        {.there = p->has_dport, .number = p->dport},
        {.there = p->has_icmp_type, .number = (uint64_t)p->icmp_type << 8 | p->icmp_code},
        {.there = p->has_flags, .number = p->flags},
        {.there = p->has_state, .number = (uint64_t)p->state},
        {.there = p->has_in, .name = p->in},
        {.there = p->has_out, .name = p->out},
    };
    memcpy(ret, v, sizeof(v));
}

static bool same_value(const struct value *a, const struct value *b)
{
    return a->number == b->number && fw_sv_eq(a->name, b->name) && a->ip.family == b->ip.family &&
           (a->ip.family == 0 || fw_ip_eq(a->ip, b->ip));
}

/* Numbers for the values; false: there are too many. */
static bool number_values(const struct universe *universe, struct packet_ids *ids)
{
    struct value seen[DIMS][VALUES];
    size_t n[DIMS] = {0};
    for (size_t i = 0; i < universe->n; i++) {
        struct value v[DIMS];
        values_of(&universe->packets[i], v);
        for (int d = 0; d < DIMS; d++) {
            size_t k = 0;
            ids[i].v[d] = NONE;
            while (v[d].there && k < n[d] && !same_value(&seen[d][k], &v[d])) {
                k++;
            }
            if (v[d].there && k == VALUES) {
                return false;
            }
            if (v[d].there) {
                seen[d][k] = v[d];
                n[d] += k == n[d];
                ids[i].v[d] = (uint8_t)k;
            }
        }
    }
    return true;
}

static bool has(const struct product *box, const struct packet_ids *packet)
{
    for (int d = 0; d < DIMS; d++) {
        if (packet->v[d] != NONE && (box->v[d] >> packet->v[d] & 1) == 0) {
            return false;
        }
    }
    return true;
}

/* Nothing in the box that is not wanted, or is in another. */
static bool is_good(const struct search *s, const struct product *box, size_t used)
{
    for (size_t i = 0; i < s->n; i++) {
        bool in = has(box, &s->packets[i]);
        bool twice = false;
        for (size_t b = 0; b < used && in; b++) {
            twice = twice || (&s->boxes[b] != box && has(&s->boxes[b], &s->packets[i]));
        }
        if (in && (twice || !s->wanted[i])) {
            return false;
        }
    }
    return true;
}

/* Spreads the wanted packets from one on. */
static bool cover(struct search *s, size_t from, size_t used)
{
    bool done = false;
    size_t at = from;
    for (; at < s->n; at++) {
        bool in = !s->wanted[at];
        for (size_t b = 0; b < used && !in; b++) {
            in = has(&s->boxes[b], &s->packets[at]);
        }
        if (!in) {
            break;
        }
    }
    if (at == s->n) {
        return true;
    }
    /* One new box is like the other. */
    for (size_t b = 0; b < s->nboxes && b <= used && !done && s->nodes < NODES; b++) {
        struct product before = b < used ? s->boxes[b] : (struct product){{0}};
        struct product *box = &s->boxes[b];
        s->nodes++;
        *box = before;
        for (int d = 0; d < DIMS; d++) {
            uint8_t id = s->packets[at].v[d];
            /* Packets without ports are in no box that asks for some. */
            box->v[d] |= id != NONE ? UINT64_C(1) << id : UINT64_MAX;
        }
        done = is_good(s, box, used) && cover(s, at + 1, b < used ? used : used + 1);
        if (!done) {
            *box = before;
        }
    }
    return done;
}

static int action_of(int verdict)
{
    return verdict == UNDECIDED ? FW_ACTION_RETURN : verdict;
}

static bool names_interfaces(const struct fw_difference_box *box)
{
    return box->in.nsome + box->in.nnone + box->out.nsome + box->out.nnone > 0;
}

void fewest_count(struct fw_arena *arena, const struct universe *universe, const int (*verdicts)[2],
                  const struct fw_difference *difference, struct fewest_tally *tally)
{
    struct packet_ids *ids = fw_new_array(arena, universe->n + 1, struct packet_ids);
    bool *wanted = fw_new_array(arena, universe->n + 1, bool);
    bool numbered = number_values(universe, ids);
    for (size_t i = 0; i < difference->n && numbered; i++) {
        const struct fw_difference_box *box = &difference->v[i];
        size_t boxes = 0;
        bool first = true;
        bool named = false;
        for (size_t k = 0; k < difference->n; k++) {
            bool same = difference->v[k].before.action == box->before.action &&
                        difference->v[k].after.action == box->after.action;
            first = first && !(same && k < i);
            boxes += same;
            named = named || (same && names_interfaces(&difference->v[k]));
        }
        if (!first || boxes > MOST) {
            continue;
        }
        for (size_t p = 0; p < universe->n; p++) {
            wanted[p] = action_of(verdicts[p][0]) == (int)box->before.action &&
                        action_of(verdicts[p][1]) == (int)box->after.action;
        }
        tally->changes++;
        size_t least = boxes; /* boxes - 1 do not do, or nobody knows */
        bool known = true;
        while (least > 1 && known) {
            struct search s = {
                .n = universe->n, .packets = ids, .wanted = wanted, .nboxes = least - 1};
            if (!cover(&s, 0, 0)) {
                known = s.nodes < NODES;
                break;
            }
            least--;
        }
        tally->one += boxes == 1;
        tally->fewest += boxes > 1 && known && least == boxes;
        tally->more += least < boxes;
        tally->named += least < boxes && named;
        tally->unknown += !known && least == boxes;
        if (known) {
            tally->boxes += boxes;
            tally->due += least;
        }
    }
}
