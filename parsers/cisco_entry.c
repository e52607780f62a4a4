/* What becomes of the words of an access list's entry, whatever dialect they stand in? */
#include "parsers/cisco_entry.h"

#include "parsers/maker.h"

void fw_cisco_entry_begin(struct fw_cisco_entry *e, struct fw_cisco *cisco,
                          struct fw_cisco_line *line, unsigned families, struct fw_rule *rule)
{
    *e = (struct fw_cisco_entry){.cisco = cisco, .line = line, .rule = rule};
    fw_terms_init(&e->terms, &cisco->doc->scratch, families);
}

void fw_cisco_entry_end(struct fw_cisco_entry *e)
{
    fw_rule_match(e->cisco->doc, &e->cisco->pool, &e->terms, (fw_sv){0}, e->rule);
}

void fw_cisco_entry_object(struct fw_cisco_entry *e, struct fw_cisco_object *object)
{
    struct fw_rule *rule = e->rule;
    for (size_t i = 0; i < rule->nobjects; i++) {
        if (rule->objects[i] == object->object) {
            return;
        }
    }
    struct fw_object **v = fw_arena_push(&e->cisco->doc->arena, (void *)rule->objects,
                                         rule->nobjects, sizeof(*v));
    v[rule->nobjects++] = object->object;
    rule->objects = v;
}

static const struct fw_atom *new_atom(const struct fw_cisco_entry *e, enum fw_atom_kind kind,
                                      bool outside, const char *prefix, fw_sv words)
{
    struct fw_arena *scratch = fw_cisco_entry_scratch(e);
    struct fw_atom *atom = fw_new(scratch, struct fw_atom);
    fw_sv parts[] = {fw_sv_from(prefix), words};
    size_t first = parts[0].n == 0;
    size_t n = (words.n > 0 ? 2u : 1u) - first;
    *atom = fw_atom_make(kind, fw_words_join(scratch, parts + first, n), false);
    atom->outside = outside;
    return atom;
}

void fw_cisco_entry_atom(struct fw_cisco_entry *e, enum fw_atom_kind kind, bool outside,
                         const char *prefix, fw_sv words)
{
    fw_terms_atom(&e->terms, *new_atom(e, kind, outside, prefix, words));
}

void fw_cisco_entry_stop(struct fw_cisco_entry *e)
{
    fw_cisco_entry_atom(e, FW_ATOM_VARYING, false, "unread", fw_cisco_rest(e->line));
    e->line->at = e->line->n;
    e->stopped = true;
}

void fw_cisco_entry_give_up(struct fw_cisco_entry *e, const char *expected)
{
    fw_sv word = e->line->text;
    fw_cisco_peek(e->line, &word);
    fw_doc_bad(e->cisco->doc, e->line->number, word, "expected %s", expected);
    fw_cisco_entry_stop(e);
}

bool fw_cisco_entry_one_protocol(const struct fw_cisco_entry *e, uint8_t *ret)
{
    const struct fw_numset *set = e->protocol;
    if (!set || set->n != 1 || set->v[0].lo != set->v[0].hi) {
        return false;
    }
    *ret = (uint8_t)set->v[0].lo;
    return true;
}

/* --- Positions --- */

void fw_cisco_entry_addresses(struct fw_cisco_entry *e, const struct fw_ipset *set, bool source)
{
    struct fw_term part = {0};
    *(source ? &part.src : &part.dst) = set;
    fw_terms_and(&e->terms, &part, 1);
}

static void and_value(struct fw_cisco_entry *e, const struct fw_cisco_value *value, bool source)
{
    struct fw_term *parts = fw_new_array(fw_cisco_entry_scratch(e), value->noutside + 1,
                                         struct fw_term);
    size_t n = 0;
    if (value->set->n > 0) {
        *(source ? &parts[n].src : &parts[n].dst) = value->set;
        n++;
    }
    for (size_t i = 0; i < value->noutside; i++) {
        const struct fw_cisco_member *member = &value->outside[i];
        *(source ? &parts[n].src : &parts[n].dst) = fw_ipset_all(fw_cisco_entry_scratch(e),
                                                                 member->families);
        parts[n].natoms = 1;
        parts[n].atoms = new_atom(e, FW_ATOM_FIXED, true, source ? "source" : "destination",
                                  member->words);
        n++;
    }
    fw_terms_and(&e->terms, parts, n);
}

/* NULL: nothing defines it. */
static struct fw_cisco_object *refer(struct fw_cisco_entry *e, fw_sv name, unsigned kinds)
{
    if (e->cisco->expanded && !fw_cisco_object_find(e->cisco, name, kinds)) {
        return NULL;
    }
    struct fw_cisco_object *object = fw_cisco_object_refer(e->cisco, name, kinds, e->line->number);
    fw_cisco_entry_object(e, object);
    return object->object->defined ? object : NULL;
}

void fw_cisco_entry_address_object(struct fw_cisco_entry *e, fw_sv name, bool source)
{
    struct fw_cisco_object *object = refer(e, name, FW_CISCO_ANY_ADDRESS);
    if (object) {
        and_value(e, fw_cisco_resolve(e->cisco, object), source);
    } else {
        fw_cisco_entry_atom(e, FW_ATOM_FIXED, true, source ? "source object" : "destination object",
                            name);
    }
}

void fw_cisco_entry_service_object(struct fw_cisco_entry *e, fw_sv name)
{
    struct fw_cisco_object *object = refer(e, name, FW_CISCO_ANY_SERVICE);
    if (object) {
        const struct fw_cisco_value *value = fw_cisco_resolve(e->cisco, object);
        fw_terms_and(&e->terms, value->parts, value->nparts);
    } else {
        fw_cisco_entry_atom(e, FW_ATOM_FIXED, true, "service object", name);
    }
}

void fw_cisco_entry_ports(struct fw_cisco_entry *e, const struct fw_numset *ports, bool source)
{
    struct fw_term part = {0};
    if (!ports) {
        fw_cisco_entry_atom(e, FW_ATOM_VARYING, false, source ? "source port" : "destination port",
                            e->line->words[e->line->at - 1]);
        return;
    }
    *(source ? &part.sport : &part.dport) = ports;
    fw_terms_and(&e->terms, &part, 1);
}

void fw_cisco_entry_port_object(struct fw_cisco_entry *e, fw_sv name, bool source)
{
    struct fw_cisco_object *object = refer(e, name, FW_CISCO_ANY_SERVICE);
    if (!object) {
        fw_cisco_entry_atom(e, FW_ATOM_FIXED, true, source ? "source port" : "destination port",
                            name);
        return;
    }
    const struct fw_cisco_value *value = fw_cisco_resolve(e->cisco, object);
    if (value->ports) {
        fw_cisco_entry_ports(e, value->ports, source);
    } else {
        fw_terms_and(&e->terms, value->parts, value->nparts);
    }
}

void fw_cisco_entry_schedule(struct fw_cisco_entry *e, fw_sv name)
{
    fw_cisco_entry_object(
        e, fw_cisco_object_refer(e->cisco, name, 1u << FW_OBJECT_SCHEDULE, e->line->number));
    fw_cisco_entry_atom(e, FW_ATOM_TIME, false, "time-range", name);
}
