/*
 * suricata.yaml, as far as it says what the sensor watches and what it was told:
 *
 *   %YAML 1.1
 *   ---
 *   suricata-version: "7.0"
 *   vars:
 *     address-groups:
 *       HOME_NET: "[192.168.0.0/16,10.0.0.0/8]"
 *   default-rule-path: /var/lib/suricata/rules
 *   rule-files:
 *     - suricata.rules
 *   af-packet:
 *     - interface: eth0
 *   outputs:
 *     - fast:
 *         enabled: yes
 *         filename: fast.log
 *   app-layer:
 *     protocols:
 *       tls:
 *         enabled: yes
 *
 * libyaml reads the text (ADR 0121); events become a small tree in the arena of the document. The
 * rest of the file tunes the engine and is ignored by name; an unknown section is unsupported.
 */
#include <yaml.h>

#include "core/limits.h"
#include "parsers/idsrules.h"
#include "parsers/idsset.h"
#include "parsers/idstuning.h"
#include "parsers/parser.h"

enum node_type { N_TEXT, N_MAP, N_LIST };

struct node {
    enum node_type type;
    fw_sv key; /* {0}: in a list */
    fw_sv text;
    uint32_t line, last;
    struct node *child, *tail, *next;
};

struct builder {
    struct fw_doc *doc;
    struct node *stack[FW_LIMIT_CONFIG_DEPTH + 1];
    unsigned depth;
    bool has_key; /* of the map on top */
    fw_sv key;
    uint32_t key_line;
    struct node *root;
};

static struct node *node_new(struct builder *b, enum node_type type, uint32_t line)
{
    struct node *node = fw_new(&b->doc->arena, struct node);
    node->type = type;
    node->line = b->has_key ? b->key_line : line;
    node->last = line;
    node->key = b->has_key ? b->key : (fw_sv){0};
    b->has_key = false;
    if (b->depth == 0) {
        b->root = b->root ? b->root : node;
        return node;
    }
    struct node *parent = b->stack[b->depth - 1];
    if (parent->tail) {
        parent->tail->next = node;
    } else {
        parent->child = node;
    }
    parent->tail = node;
    return node;
}

static void take_scalar(struct builder *b, const yaml_event_t *event, uint32_t line)
{
    fw_sv text = fw_arena_copy(&b->doc->arena, fw_sv_of((const char *)event->data.scalar.value,
                                                        event->data.scalar.length));
    if (b->depth > 0 && b->stack[b->depth - 1]->type == N_MAP && !b->has_key) {
        b->has_key = true;
        b->key = text;
        b->key_line = line;
        return;
    }
    struct node *node = node_new(b, N_TEXT, line);
    node->text = text;
    node->last = (uint32_t)event->end_mark.line + 1;
}

/* False when the rest is not read. */
static bool take_event(struct builder *b, const yaml_event_t *event)
{
    uint32_t line = (uint32_t)event->start_mark.line + 1;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        take_scalar(b, event, line);
        return true;
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        if (b->depth == FW_LIMIT_CONFIG_DEPTH) {
            fw_doc_warn(b->doc, FW_DIAG_ID_LIMIT_REACHED, line, (fw_sv){0},
                        "blocks are nested deeper than the limit CONFIG_DEPTH allows");
            return false;
        }
        if (b->depth > 0 && b->stack[b->depth - 1]->type == N_MAP && !b->has_key) {
            fw_doc_unsupported(b->doc, line, (fw_sv){0}, "a key that is no plain text");
            return false;
        }
        b->stack[b->depth] = node_new(b, event->type == YAML_MAPPING_START_EVENT ? N_MAP : N_LIST,
                                      line);
        b->depth++;
        return true;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        b->depth--;
        b->stack[b->depth]->last = line;
        b->has_key = false;
        return true;
    case YAML_ALIAS_EVENT:
        fw_doc_unsupported(b->doc, line, (fw_sv){0},
                           "an alias: what it stands for is not put in its place");
        node_new(b, N_TEXT, line);
        return true;
    case YAML_DOCUMENT_END_EVENT:
        return b->root == NULL; /* one document */
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_START_EVENT:
        return true;
    case YAML_STREAM_END_EVENT:
        break;
    }
    return false;
}

/* The line where reading stopped on an error; 0 when all was read. */
static uint32_t read_events(struct builder *b, yaml_parser_t *parser, yaml_event_t *event)
{
    bool more = true;
    while (more) {
        if (!yaml_parser_parse(parser, event)) {
            /* A text that is never closed begins to be wrong where it begins. */
            size_t mark = parser->error == YAML_SCANNER_ERROR ? parser->context_mark.line
                                                              : parser->problem_mark.line;
            uint32_t line = (uint32_t)mark + 1;
            line = line > b->doc->nlines ? b->doc->nlines : line;
            fw_doc_bad(b->doc, line, (fw_sv){0}, "no YAML: %s",
                       parser->problem ? parser->problem : "out of memory");
            return line;
        }
        more = take_event(b, event);
        yaml_event_delete(event);
    }
    return 0;
}

/* libyaml owns memory: a jump out of the arena passes by here. */
static uint32_t read_tree(struct builder *b)
{
    yaml_parser_t parser;
    yaml_event_t event = {.type = YAML_NO_EVENT};
    struct fw_guard *outer = b->doc->arena.guard;
    struct fw_guard guard;
    if (!yaml_parser_initialize(&parser)) {
        fw_doc_bad(b->doc, 1, (fw_sv){0}, "there is no memory to read it");
        return 1;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)b->doc->text.p, b->doc->text.n);
    b->doc->arena.guard = &guard;
    if (setjmp(guard.jump) != 0) {
        b->doc->arena.guard = outer;
        yaml_event_delete(&event);
        yaml_parser_delete(&parser);
        longjmp(outer->jump, 1);
    }
    uint32_t stopped = read_events(b, &parser, &event);
    b->doc->arena.guard = outer;
    yaml_parser_delete(&parser);
    return stopped;
}

struct reader {
    struct fw_doc *doc;
    struct fw_idsconf *conf;
};

static const struct node *find(const struct node *map, const char *key)
{
    for (const struct node *n = map && map->type == N_MAP ? map->child : NULL; n; n = n->next) {
        if (fw_sv_is(n->key, key)) {
            return n;
        }
    }
    return NULL;
}

static fw_sv text_at(const struct node *map, const char *key)
{
    const struct node *n = find(map, key);
    return n && n->type == N_TEXT ? n->text : (fw_sv){0};
}

static bool is_yes(fw_sv text)
{
    return fw_sv_is_nocase(text, "yes") || fw_sv_is_nocase(text, "true") ||
           fw_sv_is_nocase(text, "on") || fw_sv_is(text, "1");
}

static void used(struct reader *r, const struct node *node)
{
    fw_doc_mark_range(r->doc, node->line, node->last, FW_LINE_USED);
}

static fw_span span_of(struct reader *r, const struct node *node)
{
    return fw_doc_span(r->doc, fw_doc_line_text(r->doc, node->line), node->line);
}

static void mention(struct reader *r, enum fw_ids_mention_kind kind, const struct node *node,
                    fw_sv name, fw_sv value, bool enabled)
{
    struct fw_ids_mention m = {
        .kind = kind, .enabled = enabled, .name = name, .value = value, .span = span_of(r, node)};
    fw_idsmention_add(r->doc, r->conf, &m);
    fw_doc_mark(r->doc, node->line, FW_LINE_USED);
}

static void read_group(struct reader *r, const struct node *group, enum fw_ids_variable_kind kind)
{
    for (const struct node *n = group && group->type == N_MAP ? group->child : NULL; n;
         n = n->next) {
        if (n->type == N_TEXT) {
            if (fw_idsconf_variable(r->conf, n->key)) {
                fw_doc_warn(r->doc, FW_DIAG_ID_DUPLICATE, n->line, (fw_sv){0},
                            "\"%.*s\" is defined twice; the last one is taken", FW_SV_ARG(n->key));
            }
            fw_idsvariable_add(r->doc, r->conf, kind, n->key, n->text, n->line);
            used(r, n);
        } else {
            fw_doc_unsupported(r->doc, n->line, (fw_sv){0}, "expected a text");
        }
    }
}

static void read_vars(struct reader *r, const struct node *vars)
{
    read_group(r, find(vars, "address-groups"), FW_IDS_ADDRESSES);
    read_group(r, find(vars, "port-groups"), FW_IDS_PORTS);
}

static void read_rule_files(struct reader *r, const struct node *list)
{
    for (const struct node *n = list->child; n; n = n->next) {
        if (n->type == N_TEXT) {
            mention(r, FW_MENTION_RULES, n, n->text, (fw_sv){0}, true);
        }
    }
}

static void read_rule_path(struct reader *r, const struct node *node)
{
    mention(r, FW_MENTION_RULE_PATH, node, node->key, node->text, true);
}

static void read_interfaces(struct reader *r, const struct node *list)
{
    for (const struct node *n = list->child; n; n = n->next) {
        const struct node *interface = n->type == N_MAP ? find(n, "interface") : NULL;
        if (interface && !fw_sv_is(interface->text, "default")) {
            mention(r, FW_MENTION_INTERFACE, interface, interface->text, list->key, true);
        }
    }
}

static void read_dpdk(struct reader *r, const struct node *node)
{
    const struct node *list = find(node, "interfaces");
    if (list) {
        read_interfaces(r, list);
    }
}

/* "- fast: {enabled: yes, filename: fast.log}" */
static void read_outputs(struct reader *r, const struct node *list)
{
    for (const struct node *n = list->child; n; n = n->next) {
        for (const struct node *o = n->type == N_MAP ? n->child : NULL; o; o = o->next) {
            mention(r, FW_MENTION_OUTPUT, o, o->key, text_at(o, "filename"),
                    is_yes(text_at(o, "enabled")));
        }
    }
}

static void read_protocols(struct reader *r, const struct node *layer)
{
    const struct node *protocols = find(layer, "protocols");
    for (const struct node *n = protocols && protocols->type == N_MAP ? protocols->child : NULL; n;
         n = n->next) {
        fw_sv enabled = text_at(n, "enabled");
        if (enabled.n > 0) {
            mention(r, FW_MENTION_PROTOCOL, n, n->key, enabled, !fw_sv_is_nocase(enabled, "no"));
        }
    }
}

static void read_file(struct reader *r, const struct node *node)
{
    for (const struct node *n = node->type == N_LIST ? node->child : node; n;
         n = node->type == N_LIST ? n->next : NULL) {
        if (n->type == N_TEXT) {
            mention(r, FW_MENTION_INCLUDE, n, n->text, node->key, true);
        }
    }
}

static void read_version(struct reader *r, const struct node *node)
{
    struct fw_ids_engine engine = {.product = FW_SV("suricata"),
                                   .version = node->text,
                                   .build = FW_SV("configuration"),
                                   .series = true,
                                   .span = span_of(r, node)};
    if (node->text.n > 0) {
        fw_idsengine_add(r->doc, r->conf, &engine);
        used(r, node);
    }
}

static void read_stats(struct reader *r, const struct node *node)
{
    mention(r, FW_MENTION_OUTPUT, node, node->key, (fw_sv){0}, is_yes(text_at(node, "enabled")));
}

/* Sections that are read; sorted like those that are known and ignored. */
static const struct {
    const char *key;
    void (*read)(struct reader *r, const struct node *node);
} sections[] = {
    {"af-packet", read_interfaces},
    {"af-xdp", read_interfaces},
    {"app-layer", read_protocols},
    {"classification-file", read_file},
    {"default-rule-path", read_rule_path},
    {"dpdk", read_dpdk},
    {"include", read_file},
    {"netmap", read_interfaces},
    {"outputs", read_outputs},
    {"pcap", read_interfaces},
    {"pfring", read_interfaces},
    {"reference-config-file", read_file},
    {"rule-files", read_rule_files},
    {"stats", read_stats},
    {"suricata-version", read_version},
    {"threshold-file", read_file},
    {"vars", read_vars},
};

/* They set up the engine and its memory, not what is watched and what is told. */
static const char *const ignored[] = {"action-order",
                                      "asn1-max-frames",
                                      "autofp-scheduler",
                                      "capture",
                                      "coredump",
                                      "datasets",
                                      "decoder",
                                      "default-log-dir",
                                      "default-log-format",
                                      "default-packet-size",
                                      "defrag",
                                      "detect",
                                      "detect-engine",
                                      "engine-analysis",
                                      "exception-policy",
                                      "firewall",
                                      "flow",
                                      "flow-timeouts",
                                      "heartbeat",
                                      "host",
                                      "host-mode",
                                      "host-os-policy",
                                      "http",
                                      "ip-frag",
                                      "ippair",
                                      "ips",
                                      "ipfw",
                                      "legacy",
                                      "libhtp",
                                      "livedev",
                                      "logging",
                                      "luajit",
                                      "lua",
                                      "magic-file",
                                      "max-pending-packets",
                                      "mpm-algo",
                                      "multi-detect",
                                      "mpipe",
                                      "napatech",
                                      "nfq",
                                      "nflog",
                                      "pcap-file",
                                      "pcre",
                                      "pid-file",
                                      "plugins",
                                      "port-scan",
                                      "profiling",
                                      "reputation-categories-file",
                                      "reputation-files",
                                      "default-reputation-path",
                                      "run-as",
                                      "runmode",
                                      "security",
                                      "sensor-name",
                                      "spm-algo",
                                      "stream",
                                      "threading",
                                      "umask",
                                      "unix-command",
                                      "unified2-alert",
                                      "vlan",
                                      "windivert",
                                      "host-table",
                                      "dump-all-headers",
                                      "cuda",
                                      "endace",
                                      "ebpf",
                                      "geoip-database"};

static void read_section(struct reader *r, const struct node *node)
{
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        if (fw_sv_is(node->key, sections[i].key)) {
            used(r, &(struct node){.line = node->line, .last = node->line});
            sections[i].read(r, node);
            fw_doc_mark_range(r->doc, node->line, node->last, FW_LINE_IGNORED);
            return;
        }
    }
    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        if (fw_sv_is(node->key, ignored[i])) {
            fw_doc_mark_range(r->doc, node->line, node->last, FW_LINE_IGNORED);
            return;
        }
    }
    fw_doc_unsupported(r->doc, node->line, (fw_sv){0}, "unknown section \"%.*s\"",
                       FW_SV_ARG(fw_sv_sub(node->key, 0, 80)));
    fw_doc_mark_range(r->doc, node->line, node->last, FW_LINE_UNSUPPORTED);
}

/* Blank lines, comments, "---" and "%YAML"; behind an error nothing was read. */
static void mark_rest(struct fw_doc *doc, uint32_t stopped)
{
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        if (doc->verdicts[line - 1] != FW_LINE_NONE) {
            continue;
        }
        fw_sv s = fw_sv_trim(text);
        bool plain = s.n == 0 || s.p[0] == '#' || s.p[0] == '%' || fw_sv_starts(s, "---") ||
                     fw_sv_starts(s, "...");
        bool lost = stopped > 0 && line >= stopped;
        fw_doc_mark(doc, line, plain ? FW_LINE_IGNORED : lost ? FW_LINE_BAD : FW_LINE_UNSUPPORTED);
    }
}

static void suricata_yaml(struct fw_doc *doc, struct fw_idsrules *ret)
{
    struct builder b = {.doc = doc};
    struct reader r = {.doc = doc, .conf = &ret->conf};
    uint32_t stopped = read_tree(&b);
    /* A block that was not closed before the error ends there. */
    for (unsigned i = 0; i < b.depth; i++) {
        b.stack[i]->last = stopped > 1 ? stopped - 1 : b.stack[i]->line;
    }
    if (b.root && b.root->type == N_MAP) {
        for (const struct node *n = b.root->child; n; n = n->next) {
            read_section(&r, n);
        }
    } else if (b.root) {
        fw_doc_bad(doc, b.root->line, (fw_sv){0}, "expected sections like \"vars:\"");
    }
    mark_rest(doc, stopped);
}

static int suricata_yaml_bid(fw_sv head)
{
    static const char *const sure[] = {"suricata-version:", "af-packet:", "rule-files:",
                                       "default-rule-path:", "classification-file:"};
    bool yaml = false;
    unsigned found = 0;
    fw_sv line;
    while (fw_sv_split(&head, '\n', &line)) {
        yaml = yaml || fw_sv_starts(line, "%YAML") || fw_sv_starts(line, "vars:");
        for (size_t i = 0; i < sizeof(sure) / sizeof(sure[0]); i++) {
            found += fw_sv_starts(line, sure[i]);
        }
        found += fw_sv_starts(fw_sv_trim(line), "address-groups:");
    }
    return found > 0 ? (yaml || found > 1 ? FW_BID_SURE : FW_BID_LIKELY) : FW_BID_NO;
}

const struct fw_parser fw_parser_suricata_yaml = {
    .name = "suricata-yaml",
    .title = "Suricata configuration (suricata.yaml)",
    .kind = FW_PARSER_IDSRULES,
    .version = 1,
    .bid = suricata_yaml_bid,
    .idsrules = suricata_yaml,
};
