/* DNS-002: which hosts asked servers for names that are not designated, and were let through? */
#include "analyzers/logs/about.h"
#include "analyzers/rules/dns_log.h"

static bool is_designated(const struct fw_site *site, fw_ip ip)
{
    for (size_t i = 0; i < site->ndns; i++) {
        if (fw_ip_cmp(site->dns[i].lo, ip) <= 0 && fw_ip_cmp(ip, site->dns[i].hi) <= 0) {
            return true;
        }
    }
    return false;
}

struct found {
    uint64_t queries, clients;
    size_t nservers;
    fw_ip *servers;
    int64_t first, last;
};

static void add_server(struct fw_arena *arena, struct found *found, fw_ip server)
{
    for (size_t i = 0; i < found->nservers; i++) {
        if (fw_ip_cmp(found->servers[i], server) == 0) {
            return;
        }
    }
    found->servers = fw_arena_push(arena, found->servers, found->nservers,
                                   sizeof(found->servers[0]));
    found->servers[found->nservers++] = server;
}

/* The designated servers themselves ask others. Pairs come by client. */
static struct found look(struct fw_arena *arena, const struct fw_site *site,
                         const struct fw_dns_summary *dns)
{
    struct found found = {.first = INT64_MAX, .last = INT64_MIN};
    fw_ip client = {0};
    for (size_t i = 0; i < dns->n; i++) {
        const struct fw_dns_pair *pair = &dns->v[i];
        if (is_designated(site, pair->server) || is_designated(site, pair->client)) {
            continue;
        }
        found.clients += found.clients == 0 || fw_ip_cmp(client, pair->client) != 0;
        client = pair->client;
        found.queries += fw_twofold_count(&pair->count);
        add_server(arena, &found, pair->server);
        found.first = pair->first < found.first ? pair->first : found.first;
        found.last = pair->last > found.last ? pair->last : found.last;
    }
    return found;
}

static fw_sv servers_text(struct fw_arena *arena, const struct found *found)
{
    enum { SHOWN = 3 };
    struct fw_buf text;
    fw_buf_init(&text);
    for (size_t i = 0; i < found->nservers && i < SHOWN; i++) {
        fw_buf_add_cstr(&text, i > 0 ? ", " : "");
        fw_ip_text(&text, found->servers[i]);
    }
    return fw_buf_keep(&text, arena);
}

static void add_open(struct fw_results *results, const struct fw_source_view *source,
                     const char *words, uint64_t n, uint64_t total)
{
    struct fw_result *result = fw_log_result(results, "DNS-002", FW_RESULT_OPEN, source, words,
                                             FW_SV("queries"));
    fw_result_param_u64(results, result, "n", n);
    fw_result_param_u64(results, result, "total", total);
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    if (!facts->site || facts->site->ndns == 0) {
        struct fw_result *result = fw_log_result(results, "DNS-002", FW_RESULT_OPEN, source,
                                                 "open.no_list", FW_SV("queries"));
        fw_result_param(results, result, "list", FW_SV("dns"));
        return;
    }
    struct found found = look(results->arena, facts->site, &source->dns);
    uint64_t total = fw_twofold_count(&source->dns.total);
    struct fw_dns_log rules = fw_dns_log_of(facts, results, fw_log_ruleset(facts, source));
    if (found.queries == 0 && source->dns.lost > 0) {
        add_open(results, source, "open.too_many", source->dns.lost, total);
        return;
    }
    if (found.queries == 0 && rules.unlogged > 0) {
        add_open(results, source, "open.not_logged", rules.unlogged, rules.total);
        return;
    }
    if (found.queries == 0 && total == 0 && !fw_log_ruleset(facts, source)) {
        /* Nothing says that such connections would have been recorded. */
        fw_log_result(results, "DNS-002", FW_RESULT_OPEN, source, "open.no_config",
                      FW_SV("queries"));
        return;
    }
    const struct fw_tally *timed = &source->fields[FW_REQUIRED_TIMESTAMP];
    uint64_t untimed = timed->total - timed->present + source->basis[FW_YEAR_NONE];
    if (found.queries == 0 &&
        !fw_log_whole(results, "DNS-002", source, 0, untimed, FW_SV("queries"))) {
        return;
    }
    struct fw_result *result = fw_log_count(results, "DNS-002", source, found.queries, total,
                                            FW_SV("queries"));
    fw_log_param_time(facts, results, result, "from", source->first_ns);
    fw_log_param_time(facts, results, result, "to", source->last_ns);
    if (found.queries > 0) {
        fw_result_param_u64(results, result, "value", found.clients);
        fw_result_param(results, result, "servers", servers_text(results->arena, &found));
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "DNS-002", &index))) {
        if (fw_log_of_traffic(facts, source) && source->traffic > 0) {
            judge(facts, results, source);
        }
    }
}

const struct fw_analyzer fw_analyzer_dns_queries = {
    .check = "DNS-002",
    .logs = true,
    .exposure = true,
    .run = run,
};
