#include "tests/unit/spelling.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* Words of a command, quotes taken off; a list's words follow *ret_list. */
static size_t words_of(char *line, char *v[32], size_t *ret_list)
{
    size_t n = 0;
    *ret_list = SIZE_MAX;
    while (*line && n < 32) {
        bool quoted = *line == '"';
        char *end = strchr(line + quoted, quoted ? '"' : ' ');
        char *word = line + quoted;
        line = end ? end + 1 + (quoted && end[1] == ' ') : word + strlen(word);
        if (end) {
            *end = 0;
        }
        if (strcmp(word, "[") == 0) {
            *ret_list = n;
        } else if (strcmp(word, "]") != 0 && *word) {
            v[n++] = word;
        }
    }
    return n;
}

/* The same paths as an XML text, or as braces. */
void spell_paths(const char *commands, bool xml, char *out, size_t room)
{
    char line[512];
    size_t n = (size_t)snprintf(out, room, "%s", xml ? "<config urldb=\"x\">\n" : "");
    while (*commands) {
        size_t length = strcspn(commands, "\n");
        snprintf(line, sizeof(line), "%.*s", (int)length, commands);
        commands += length + (commands[length] == '\n');
        char *v[32];
        size_t list;
        size_t count = words_of(line, v, &list);
        size_t stem = list < count ? list : count - 1;
        for (size_t i = 1; i < stem; i++) {
            n += (size_t)snprintf(out + n, room - n, xml ? "<entry name=\"%s\">" : "\"%s\" {\n",
                                  v[i]);
        }
        for (size_t i = stem; i < count; i++) {
            n += (size_t)snprintf(out + n, room - n, xml ? "<member>%s</member>\n" : "\"%s\";\n",
                                  v[i]);
        }
        for (size_t i = 1; i < stem; i++) {
            n += (size_t)snprintf(out + n, room - n, xml ? "</entry>\n" : "}\n");
        }
        ck_assert_uint_lt(n, room);
    }
    snprintf(out + n, room - n, "%s", xml ? "</config>\n" : "");
}

void check_same_model(const struct parsed *left, const struct parsed *right)
{
    const struct fw_ruleset *a = &left->ruleset;
    const struct fw_ruleset *b = &right->ruleset;
    ck_assert_uint_eq(a->npolicies, b->npolicies);
    ck_assert_uint_eq(a->nobjects, b->nobjects);
    for (size_t p = 0; p < a->npolicies; p++) {
        const struct fw_policy *x = a->policies[p];
        const struct fw_policy *y = b->policies[p];
        ck_assert(fw_sv_eq(x->name, y->name));
        ck_assert_uint_eq(x->n, y->n);
        for (size_t r = 0; r < x->n; r++) {
            ck_assert(fw_sv_eq(x->rules[r].name, y->rules[r].name));
            ck_assert(memcmp(&x->rules[r].content, &y->rules[r].content, sizeof(fw_sha256)) == 0);
        }
    }
    for (size_t o = 0; o < a->nobjects; o++) {
        ck_assert(fw_sv_eq(a->objects[o]->name, b->objects[o]->name));
        ck_assert_uint_eq(a->objects[o]->uses, b->objects[o]->uses);
    }
    ck_assert_uint_eq(a->nsettings, b->nsettings);
}
