#include "tests/unit/rulesetparse.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "policy/print.h"
#include "tests/unit/mangle.h"

void parsed_init(struct parsed *ret, const struct fw_parser *parser, const char *text)
{
    ret->diags = fw_diags_new();
    fw_doc_init(&ret->doc, FW_SV("test"), ret->diags);
    fw_doc_set_text(&ret->doc, fw_sv_from(text));
    ck_assert_int_eq(fw_ruleset_parse(&ret->doc, parser, &ret->ruleset), FW_OK);
}

void parsed_clear(struct parsed *parsed)
{
    fw_doc_clear(&parsed->doc);
    fw_diags_free(parsed->diags);
}

const char *parsed_counts(const struct parsed *parsed)
{
    static char text[120];
    struct fw_line_counts c = fw_doc_counts(&parsed->doc);
    snprintf(text, sizeof(text), "%" PRIu64 "/%" PRIu64 "/%" PRIu64 "/%" PRIu64 "/%" PRIu64,
             c.total, c.used, c.ignored, c.unsupported, c.bad);
    return text;
}

const struct fw_policy *parsed_policy(const struct parsed *parsed, const char *name)
{
    const struct fw_policy *policy = fw_ruleset_find(&parsed->ruleset, fw_sv_from(name));
    ck_assert_msg(policy != NULL, "no policy %s", name);
    return policy;
}

const char *parsed_rule(const struct parsed *parsed, const char *policy_name, size_t position)
{
    static char text[4096];
    const struct fw_policy *policy = parsed_policy(parsed, policy_name);
    struct fw_buf buf;
    struct fw_json json;
    ck_assert_uint_le(position, policy->n);
    fw_buf_init(&buf);
    fw_json_init(&json, &buf, 0);
    fw_rule_json(&json, policy, &policy->rules[position - 1]);
    const char *from = strstr(buf.p, "\"in\":");
    ck_assert_ptr_nonnull(from);
    snprintf(text, sizeof(text), "%s %s", fw_action_name(policy->rules[position - 1].action), from);
    fw_buf_clear(&buf);
    return text;
}

enum fw_verdict parsed_trace(struct parsed *parsed, const char *text, struct fw_trace *ret)
{
    struct fw_packet packet;
    struct fw_buf error;
    fw_buf_init(&error);
    ck_assert_msg(fw_packet_parse(fw_sv_from(text), &packet, &error), "%s: %s", text, error.p);
    fw_packet_complete(&packet);
    fw_trace_packet(&parsed->doc.arena, &parsed->ruleset, &packet, ret);
    fw_buf_clear(&error);
    return ret->verdict;
}

void check_rules(const struct rule_frame *frame, const struct rule_case *cases, size_t n)
{
    size_t end = strlen(frame->counts);
    for (size_t i = 0; i < n; i++) {
        char text[4096];
        struct parsed parsed;
        int length = snprintf(text, sizeof(text), "%s%s%s", frame->head, cases[i].rule,
                              frame->tail);
        ck_assert_int_lt(length, (int)sizeof(text));
        parsed_init(&parsed, frame->parser, text);
        const char *rule = parsed_rule(&parsed, frame->policy, 1);
        ck_assert_msg(strcmp(rule, cases[i].json) == 0, "%s\n  gives    %s\n  expected %s",
                      cases[i].rule, rule, cases[i].json);
        const char *counts = parsed_counts(&parsed);
        size_t from = frame->counts[0] == '/' ? strlen(counts) - end : 0;
        ck_assert_msg(strcmp(counts + from, frame->counts) == 0, "%s: %s, expected %s",
                      cases[i].rule, counts, frame->counts);
        parsed_clear(&parsed);
    }
}

void check_settings(const struct parsed *parsed, const struct setting_case *cases, size_t n)
{
    ck_assert_uint_eq(parsed->ruleset.nsettings, n);
    for (size_t i = 0; i < n; i++) {
        const struct fw_setting *s = &parsed->ruleset.settings[i];
        ck_assert_int_eq(s->kind, cases[i].kind);
        ck_assert_msg(fw_sv_is(s->value, cases[i].value) && fw_sv_is(s->extra, cases[i].extra),
                      "setting %zu: \"%.*s\" \"%.*s\"", i, FW_SV_ARG(s->value),
                      FW_SV_ARG(s->extra));
    }
}

void check_secrets(const struct fw_parser *parser, const struct secret_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct parsed parsed;
        parsed_init(&parsed, parser, cases[i].text);
        ck_assert_msg((parsed.ruleset.nsecrets > 0) == (cases[i].secret != NULL), "%s: %zu secrets",
                      cases[i].text, parsed.ruleset.nsecrets);
        if (cases[i].secret) {
            fw_span span = parsed.ruleset.secrets[0];
            fw_sv text = fw_sv_sub(parsed.doc.text, (size_t)span.offset, span.length);
            ck_assert_msg(fw_sv_is(text, cases[i].secret), "%s: %.*s", cases[i].text,
                          FW_SV_ARG(text));
        }
        parsed_clear(&parsed);
    }
}

static void parse_damaged(const void *parser, fw_sv text)
{
    const struct fw_parser *of = parser;
    struct fw_doc doc;
    struct fw_ruleset ruleset;
    struct fw_diags *diags = fw_diags_new();
    fw_doc_init(&doc, FW_SV("test"), diags);
    fw_doc_set_text(&doc, text);
    of->bid(doc.text);
    ck_assert_int_eq(fw_ruleset_parse(&doc, of, &ruleset), FW_OK);
    struct fw_line_counts c = fw_doc_counts(&doc);
    ck_assert_uint_eq(c.total, c.used + c.ignored + c.unsupported + c.bad);
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

void parsed_mangled(const struct fw_parser *parser, const char *text)
{
    mangle(fw_sv_from(text), FW_SV("\0 \"!-,:/\n9\xff"), parse_damaged, parser);
}
