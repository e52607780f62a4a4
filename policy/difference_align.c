/*
 * Which items of two programs are the same: equal boxes and fate, and in the same order (a longest
 * common run). Only what is left over can make a packet fare otherwise: a packet that is decided
 * by unchanged items in both, and meets no changed skip, goes the same way in both.
 */
#include "policy/difference_impl.h"

#include <stdlib.h>
#include <string.h>

#include "core/order.h"

struct entry {
    uint64_t hash;
    uint32_t item;
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash ^= value;
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static bool has_a_say(const struct fw_item *item)
{
    return item->nboxes > 0 && fw_item_decides(item);
}

static uint64_t hash_item(const struct fw_program *program, const struct fw_item *item)
{
    uint64_t hash = mix(item->op, item->fate);
    for (uint32_t i = 0; i < item->nboxes; i++) {
        const struct fw_box *box = program->boxes[item->first_box + i];
        for (unsigned d = 0; d < program->space.n; d++) {
            struct fw_interval room;
            const struct fw_interval *v;
            uint32_t n = fw_side_intervals(&box->sides[d], &v, &room);
            for (uint32_t k = 0; k < n; k++) {
                hash = mix(hash, (uint64_t)v[k].lo << 32 | v[k].hi);
            }
            hash = mix(hash, n);
        }
        for (uint32_t k = 0; k < box->nliterals; k++) {
            hash = mix(hash, box->literals[k]);
        }
        hash = mix(hash, box->nliterals);
    }
    return hash;
}

static bool same_side(const struct fw_side *a, const struct fw_side *b)
{
    return a->lo == b->lo && a->hi == b->hi && fw_side_contains(a, b) && fw_side_contains(b, a);
}

static bool same_item(const struct fw_program *p, const struct fw_item *a,
                      const struct fw_program *q, const struct fw_item *b)
{
    if (a->op != b->op || a->fate != b->fate || a->nboxes != b->nboxes) {
        return false;
    }
    for (uint32_t i = 0; i < a->nboxes; i++) {
        const struct fw_box *x = p->boxes[a->first_box + i];
        const struct fw_box *y = q->boxes[b->first_box + i];
        for (unsigned d = 0; d < p->space.n; d++) {
            if (!same_side(&x->sides[d], &y->sides[d])) {
                return false;
            }
        }
        if (x->nliterals != y->nliterals ||
            !fw_literals_include(x->literals, x->nliterals, y->literals, y->nliterals)) {
            return false;
        }
    }
    return true;
}

static int by_hash(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->hash != b->hash) {
        return a->hash < b->hash ? -1 : 1;
    }
    return (a->item > b->item) - (a->item < b->item);
}

static struct entry *entries_of(struct fw_arena *arena, const struct fw_program *program,
                                uint32_t *ret_n)
{
    struct entry *v = fw_new_array(arena, (size_t)program->nitems + 1, struct entry);
    uint32_t n = 0;
    for (uint32_t i = 0; i < program->nitems; i++) {
        if (has_a_say(&program->items[i])) {
            v[n++] = (struct entry){hash_item(program, &program->items[i]), i};
        }
    }
    qsort(v, n, sizeof(*v), by_hash);
    *ret_n = n;
    return v;
}

/* The k-th of a meaning in one is the k-th in the other. partner[i]: of old item i; FW_NO_PLACE. */
static void pair(struct fw_arena *arena, const struct fw_twins *twins, uint32_t *partner)
{
    uint32_t na;
    uint32_t nb;
    const struct fw_program *p = &twins->programs[0];
    const struct fw_program *q = &twins->programs[1];
    struct entry *a = entries_of(arena, p, &na);
    struct entry *b = entries_of(arena, q, &nb);
    uint32_t i = 0;
    uint32_t k = 0;
    while (i < na && k < nb) {
        if (a[i].hash == b[k].hash) {
            if (same_item(p, &p->items[a[i].item], q, &q->items[b[k].item])) {
                partner[a[i].item] = b[k].item;
            }
            i++;
            k++;
        } else if (a[i].hash < b[k].hash) {
            i++;
        } else {
            k++;
        }
    }
}

/* Forgets partners outside a longest run that keeps its order. */
static void keep_order(struct fw_arena *arena, uint32_t n, uint32_t *partner)
{
    bool *kept = fw_new_array(arena, (size_t)n + 1, bool);
    fw_order_kept(arena, n, partner, kept);
    for (uint32_t i = 0; i < n; i++) {
        partner[i] = kept[i] ? partner[i] : FW_NO_PLACE;
    }
}

/* A skip is the same only when it skips the same: as many unchanged items in both. */
static bool drop_uneven_skips(const struct fw_twins *twins, uint32_t *partner, uint32_t *rank[2])
{
    const struct fw_program *p = &twins->programs[0];
    const struct fw_program *q = &twins->programs[1];
    memset(rank[1], 0, ((size_t)q->nitems + 2) * sizeof(*rank[1]));
    rank[0][0] = 0;
    for (uint32_t i = 0; i < p->nitems; i++) {
        rank[0][i + 1] = rank[0][i] + (partner[i] != FW_NO_PLACE);
        if (partner[i] != FW_NO_PLACE) {
            rank[1][partner[i] + 1] = 1;
        }
    }
    for (uint32_t i = 0; i < q->nitems; i++) {
        rank[1][i + 1] += rank[1][i];
    }
    bool dropped = false;
    for (uint32_t i = 0; i < p->nitems; i++) {
        if (partner[i] != FW_NO_PLACE && p->items[i].op == FW_OP_SKIP &&
            rank[0][p->items[i].end] != rank[1][q->items[partner[i]].end]) {
            partner[i] = FW_NO_PLACE;
            dropped = true;
        }
    }
    return dropped;
}

void fw_twins_align(struct fw_arena *arena, const struct fw_twins *twins, struct fw_alignment *ret)
{
    const struct fw_program *p = &twins->programs[0];
    uint32_t *partner = fw_new_array(arena, (size_t)p->nitems + 1, uint32_t);
    uint32_t *rank[2];
    memset(partner, 0xff, p->nitems * sizeof(*partner));
    for (size_t i = 0; i < 2; i++) {
        const struct fw_program *program = &twins->programs[i];
        rank[i] = fw_new_array(arena, (size_t)program->nitems + 2, uint32_t);
        ret->changed[i] = fw_new_array(arena, (size_t)program->nitems + 1, bool);
        for (uint32_t k = 0; k < program->nitems; k++) {
            ret->changed[i][k] = has_a_say(&program->items[k]);
        }
    }
    pair(arena, twins, partner);
    keep_order(arena, p->nitems, partner);
    while (drop_uneven_skips(twins, partner, rank)) {
    }
    for (uint32_t i = 0; i < p->nitems; i++) {
        if (partner[i] != FW_NO_PLACE) {
            ret->changed[0][i] = false;
            ret->changed[1][partner[i]] = false;
        }
    }
}
