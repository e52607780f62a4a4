/* parse, of a sensor's files: signatures, tuning, variables, rule sets, engines, updates. */
#include "cli/parse_ids.h"

#include "cli/parse.h"
#include "core/json.h"
#include "core/text.h"

static const char *const select_names[] = {
    [FW_SELECT_SID] = "sid",         [FW_SELECT_GID] = "gid",     [FW_SELECT_ALL] = "all",
    [FW_SELECT_PATTERN] = "pattern", [FW_SELECT_GROUP] = "group", [FW_SELECT_METADATA] = "metadata",
    [FW_SELECT_NAMED] = "reference",
};

static const char *const track_names[] = {
    [FW_TRACK_NONE] = "",           [FW_TRACK_BY_SRC] = "by_src",
    [FW_TRACK_BY_DST] = "by_dst",   [FW_TRACK_BY_EITHER] = "by_either",
    [FW_TRACK_BY_RULE] = "by_rule", [FW_TRACK_BY_BOTH] = "by_both",
    [FW_TRACK_BY_FLOW] = "by_flow",
};

static const char *const mention_names[] = {
    [FW_MENTION_INCLUDE] = "include",     [FW_MENTION_RULES] = "rules",
    [FW_MENTION_OUTPUT] = "output",       [FW_MENTION_INTERFACE] = "interface",
    [FW_MENTION_RULE_PATH] = "rule_path", [FW_MENTION_PROTOCOL] = "protocol",
};

static void put(struct fw_json *json, const char *key, fw_sv value)
{
    if (value.n > 0) {
        fw_json_kv(json, key, value);
    }
}

static void put_date(struct fw_json *json, const char *key, struct fw_date date)
{
    if (date.year != 0) {
        struct fw_buf buf;
        fw_buf_init(&buf);
        fw_date_text(&buf, date);
        fw_json_kv(json, key, fw_buf_sv(&buf));
        fw_buf_clear(&buf);
    }
}

static void note_json(struct fw_json *json, const struct fw_tuning_note *note)
{
    put(json, "reason", note->reason);
    put(json, "by", note->author);
    put_date(json, "date", note->dated);
    put_date(json, "review_by", note->due);
    put(json, "ticket", note->ticket);
    put(json, "comment", note->text);
}

static void signature_json(struct fw_json *json, const struct fw_signature *signature)
{
    fw_json_kv_u64(json, "gid", signature->gid);
    fw_json_kv_u64(json, "sid", signature->sid);
    fw_json_kv_u64(json, "rev", signature->rev);
    fw_json_kv_bool(json, "enabled", signature->enabled);
    fw_json_kv(json, "action", signature->action);
    fw_json_kv(json, "protocol", signature->protocol);
    fw_json_kv(json, "msg", signature->msg);
    fw_json_kv(json, "classtype", signature->classtype);
    put(json, "source", signature->source);
    put(json, "source_port", signature->source_port);
    put(json, "direction", signature->direction);
    put(json, "destination", signature->destination);
    put(json, "destination_port", signature->destination_port);
    if (signature->priority > 0) {
        fw_json_kv_u64(json, "priority", signature->priority);
    }
    if (signature->nreferences > 0) {
        fw_json_kv_texts(json, "references", signature->references, signature->nreferences);
    }
    put(json, "metadata", signature->metadata);
    note_json(json, &signature->note);
}

static void tuning_json(struct fw_json *json, const struct fw_tuning *t)
{
    fw_json_kv_cstr(json, "tuning", fw_tuning_name(t->kind));
    fw_json_kv_cstr(json, "select", select_names[t->select]);
    if (t->select == FW_SELECT_SID || t->select == FW_SELECT_GID) {
        fw_json_kv_u64(json, "gid", t->gid);
    }
    if (t->select == FW_SELECT_SID) {
        fw_json_kv_u64(json, "sid", t->sid);
        if (t->sid_last != t->sid) {
            fw_json_kv_u64(json, "sid_last", t->sid_last);
        }
    }
    put(json, "words", t->words);
    put(json, "type", t->type);
    put(json, "track", fw_sv_from(track_names[t->track]));
    put(json, t->negated ? "all_but" : "addresses", t->addresses);
    if (t->has_count) {
        fw_json_kv_u64(json, "count", t->count);
    }
    if (t->has_seconds) {
        fw_json_kv_u64(json, "seconds", t->seconds);
    }
    if (t->has_timeout) {
        fw_json_kv_u64(json, "timeout", t->timeout);
    }
    put(json, "from", t->from);
    put(json, "to", t->to);
    note_json(json, &t->note);
}

static void variable_json(struct fw_json *json, const struct fw_ids_variable *v)
{
    fw_json_kv(json, "variable", v->name);
    fw_json_kv(json, "value", v->value);
    if (v->set && !v->any) {
        struct fw_buf buf;
        fw_buf_init(&buf);
        fw_json_key(json, "addresses");
        fw_json_array(json);
        for (size_t i = 0; i < v->set->n; i++) {
            fw_buf_reset(&buf);
            fw_iprange_text(&buf, v->set->v[i]);
            fw_json_string(json, fw_buf_sv(&buf));
        }
        fw_json_end(json);
        fw_buf_clear(&buf);
    } else if (v->kind == FW_IDS_ADDRESSES) {
        fw_json_kv_cstr(json, "addresses", v->any ? "any" : "unknown");
    }
}

static void ruleset_json(struct fw_json *json, const struct fw_ids_ruleset *set)
{
    fw_json_kv(json, "ruleset", set->name);
    put(json, "publisher", fw_sv_from(fw_publisher_title(set->publisher)));
    put(json, "version", set->version);
    put_date(json, "date", set->date);
}

static void engine_json(struct fw_json *json, const struct fw_ids_engine *engine)
{
    fw_json_kv(json, "engine", engine->product);
    fw_json_kv(json, "version", engine->version);
    put(json, "build", engine->build);
}

static void update_json(struct fw_json *json, const struct fw_ids_update *update)
{
    fw_json_kv(json, "update", update->tool);
    if (update->has_time) {
        struct fw_buf buf;
        const struct fw_stamp *t = &update->time;
        fw_buf_init(&buf);
        fw_buf_printf(&buf, "%04d-%02u-%02uT%02u:%02u:%02u", t->year, t->month, t->day, t->hour,
                      t->minute, t->second);
        fw_json_kv(json, "time", fw_buf_sv(&buf));
        fw_buf_clear(&buf);
    }
    fw_json_kv_cstr(json, "outcome",
                    update->failed ? "failure"
                    : update->ok   ? "success"
                                   : "unknown");
    if (update->has_counts) {
        fw_json_kv_u64(json, "rules", update->rules);
        fw_json_kv_u64(json, "enabled", update->enabled);
        fw_json_kv_u64(json, "added", update->added);
        fw_json_kv_u64(json, "removed", update->removed);
        fw_json_kv_u64(json, "changed", update->changed);
        fw_json_kv_u64(json, "disabled", update->disabled);
    }
}

static void message_json(struct fw_json *json, const struct fw_ids_message *message)
{
    fw_json_kv_u64(json, "gid", message->gid);
    fw_json_kv_u64(json, "sid", message->sid);
    if (message->rev > 0) {
        fw_json_kv_u64(json, "rev", message->rev);
        fw_json_kv_u64(json, "priority", message->priority);
    }
    fw_json_kv(json, "message", message->msg);
    put(json, "classtype", message->classtype);
    if (message->nreferences > 0) {
        fw_json_kv_texts(json, "references", message->references, message->nreferences);
    }
}

static void mention_json(struct fw_json *json, const struct fw_ids_mention *mention)
{
    fw_json_kv_cstr(json, "mentions", mention_names[mention->kind]);
    put(json, "name", mention->name);
    put(json, "value", mention->value);
    fw_json_kv_bool(json, "enabled", mention->enabled);
}

static void class_json(struct fw_json *json, const struct fw_ids_class *class)
{
    fw_json_kv(json, "classification", class->name);
    fw_json_kv(json, "text", class->text);
    fw_json_kv_u64(json, "priority", class->priority);
}

static void reference_json(struct fw_json *json, const struct fw_ids_reference *reference)
{
    fw_json_kv(json, "reference", reference->name);
    fw_json_kv(json, "url", reference->url);
}

/* An object is its own members, then the line it was read from. */
static void end_object(struct fw_json *json, fw_span span, struct fw_buf *out)
{
    fw_json_kv_u64(json, "line", span.line);
    fw_json_end(json);
    fw_parse_end_line(out);
}

static void begin_object(struct fw_json *json, struct fw_buf *out)
{
    fw_json_init(json, out, 0);
    fw_json_object(json);
}

static void print_json(const struct fw_idsrules *rules, struct fw_buf *out)
{
    const struct fw_idsconf *c = &rules->conf;
    struct fw_json json;
    for (size_t i = 0; i < rules->n; i++) {
        begin_object(&json, out);
        signature_json(&json, &rules->v[i]);
        end_object(&json, rules->v[i].span, out);
    }
    for (size_t i = 0; i < c->ntunings; i++) {
        begin_object(&json, out);
        tuning_json(&json, &c->tunings[i]);
        end_object(&json, c->tunings[i].span, out);
    }
    for (size_t i = 0; i < c->nvariables; i++) {
        begin_object(&json, out);
        variable_json(&json, &c->variables[i]);
        end_object(&json, c->variables[i].span, out);
    }
    for (size_t i = 0; i < c->nrulesets; i++) {
        begin_object(&json, out);
        ruleset_json(&json, &c->rulesets[i]);
        end_object(&json, c->rulesets[i].span, out);
    }
    for (size_t i = 0; i < c->nengines; i++) {
        begin_object(&json, out);
        engine_json(&json, &c->engines[i]);
        end_object(&json, c->engines[i].span, out);
    }
    for (size_t i = 0; i < c->nupdates; i++) {
        begin_object(&json, out);
        update_json(&json, &c->updates[i]);
        end_object(&json, c->updates[i].span, out);
    }
    for (size_t i = 0; i < c->nclasses; i++) {
        begin_object(&json, out);
        class_json(&json, &c->classes[i]);
        end_object(&json, c->classes[i].span, out);
    }
    for (size_t i = 0; i < c->nreferences; i++) {
        begin_object(&json, out);
        reference_json(&json, &c->references[i]);
        end_object(&json, c->references[i].span, out);
    }
    for (size_t i = 0; i < c->nmessages; i++) {
        begin_object(&json, out);
        message_json(&json, &c->messages[i]);
        end_object(&json, c->messages[i].span, out);
    }
    for (size_t i = 0; i < c->nmentions; i++) {
        begin_object(&json, out);
        mention_json(&json, &c->mentions[i]);
        end_object(&json, c->mentions[i].span, out);
    }
}

static void tuning_text(struct fw_buf *out, const struct fw_tuning *t)
{
    fw_buf_printf(out, "%-12s  ", fw_tuning_name(t->kind));
    if (t->select == FW_SELECT_SID) {
        fw_buf_printf(out, "%u:%u", t->gid, t->sid);
        if (t->sid_last != t->sid) {
            fw_buf_printf(out, "-%u", t->sid_last);
        }
    } else if (t->select == FW_SELECT_GID) {
        fw_buf_printf(out, "%u:*", t->gid);
    } else {
        fw_buf_printf(out, "%s ", select_names[t->select]);
        fw_text_safe(out, t->words);
    }
    if (t->addresses.n > 0) {
        fw_buf_printf(out, "  %s %s", track_names[t->track], t->negated ? "all but " : "");
        fw_text_safe(out, t->addresses);
    }
    fw_buf_printf(out, "  # ");
    fw_text_safe(out, t->note.text);
}

static void print_text(const struct fw_idsrules *rules, struct fw_buf *out)
{
    const struct fw_idsconf *c = &rules->conf;
    for (size_t i = 0; i < rules->n; i++) {
        const struct fw_signature *s = &rules->v[i];
        fw_buf_printf(out, "%u:%u:%u  %-8s  ", s->gid, s->sid, s->rev,
                      s->enabled ? "enabled" : "disabled");
        fw_text_safe(out, s->msg);
        fw_parse_end_line(out);
    }
    for (size_t i = 0; i < c->ntunings; i++) {
        tuning_text(out, &c->tunings[i]);
        fw_parse_end_line(out);
    }
    for (size_t i = 0; i < c->nvariables; i++) {
        fw_text_safe(out, c->variables[i].name);
        fw_buf_printf(out, " = ");
        fw_text_safe(out, c->variables[i].value);
        fw_parse_end_line(out);
    }
    for (size_t i = 0; i < c->nrulesets; i++) {
        fw_text_safe(out, c->rulesets[i].name);
        fw_buf_printf(out, "  ");
        fw_text_safe(out, c->rulesets[i].version);
        fw_parse_end_line(out);
    }
    for (size_t i = 0; i < c->nengines; i++) {
        fw_text_safe(out, c->engines[i].product);
        fw_buf_printf(out, " ");
        fw_text_safe(out, c->engines[i].version);
        fw_parse_end_line(out);
    }
    for (size_t i = 0; i < c->nmessages; i++) {
        fw_buf_printf(out, "%u:%u  ", c->messages[i].gid, c->messages[i].sid);
        fw_text_safe(out, c->messages[i].msg);
        fw_parse_end_line(out);
    }
}

void fw_parse_ids_print(const struct fw_idsrules *rules, bool json, struct fw_buf *out)
{
    if (json) {
        print_json(rules, out);
    } else {
        print_text(rules, out);
    }
}
