/* Which devices are known, collected, reviewed, logging, and what was accepted of them until when?
 */
#include "analyzers/logs/source_view.h"
#include "core/time.h"
#include "report/html.h"

static bool logs_of(const struct fw_facts *facts, fw_sv device)
{
    for (size_t i = 0; i < facts->nsources; i++) {
        if (fw_sv_eq(facts->sources[i].device, device) && facts->sources[i].events > 0) {
            return true;
        }
    }
    return false;
}

/* What is expected of a device and what is there; the counts are of the whole fleet. */
enum column { COLLECTED, REVIEWED, LOGGING, COLUMNS };

struct tally {
    size_t expected, present;
};

static bool expects(const struct fw_device_facts *device, enum column column)
{
    const struct fw_site_device *declared = device->declared;
    if (column == LOGGING) {
        return !declared || declared->logs_required;
    }
    return !declared || declared->kind == FW_DEVICE_FIREWALL || declared->kind == FW_DEVICE_IDS;
}

static bool has(const struct fw_facts *facts, const struct fw_device_facts *device,
                enum column column)
{
    switch (column) {
    case COLLECTED:
        return device->nsnapshots > 0 || device->nids > 0;
    case REVIEWED: /* every check of it was run on what was collected */
        return (device->nsnapshots > 0 && fw_device_current(device)->report) || device->nids > 0;
    case LOGGING:
        return logs_of(facts, device->name);
    case COLUMNS:
        break;
    }
    return false;
}

static void fleet_cell(struct fw_html *html, const struct fw_device_facts *device,
                       enum column column, struct tally *tally)
{
    bool expected = expects(device, column);
    bool present = has(html->in->facts, device, column);
    tally->expected += expected;
    tally->present += expected && present;
    if (!expected && !present) {
        fw_html_word(html, "<td class=\"dim\">", "label.not_expected", "</td>");
    } else {
        fw_html_word(html, present ? "<td>" : "<td class=\"missing\">",
                     present ? "label.yes" : "label.no", "</td>");
    }
}

static void fleet_row(struct fw_html *html, const struct fw_device_facts *device,
                      struct tally tallies[COLUMNS])
{
    struct fw_buf kind;
    fw_buf_init(&kind);
    fw_buf_printf(&kind, "kind.%s",
                  device->declared ? fw_device_kind_name(device->declared->kind) : "other");
    fw_html_put(html, "<tr><td>", device->name, "</td>");
    fw_html_word(html, "<td>", kind.p ? kind.p : "", "</td>");
    fw_html_put(html, "<td class=\"narrow\">",
                device->declared ? device->declared->owner : FW_SV(""), "</td>");
    for (int column = 0; column < COLUMNS; column++) {
        fleet_cell(html, device, (enum column)column, &tallies[column]);
    }
    fw_html_raw(html, "</tr>\n");
    fw_buf_clear(&kind);
}

void fw_html_coverage(struct fw_html *html)
{
    static const struct fw_html_column columns[] = {
        {"label.device", NULL},    {"label.kind", NULL},     {"label.owner", "narrow"},
        {"label.collected", NULL}, {"label.reviewed", NULL}, {"label.logging", NULL}};
    const struct fw_facts *facts = html->in->facts;
    struct tally tallies[COLUMNS] = {{0, 0}};
    if (!facts->site) {
        return;
    }
    fw_html_word(html, "<section id=\"coverage\" class=\"page\">\n<h2>", "heading.coverage",
                 "</h2>\n");
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < facts->ndevices; i++) {
        fleet_row(html, &facts->devices[i], tallies);
    }
    fw_html_word(html, "</tbody>\n<tfoot><tr><th>", "label.sum", "");
    fw_html_number(html, " ", facts->ndevices, "</th><td></td><td class=\"narrow\"></td>");
    for (int column = 0; column < COLUMNS; column++) {
        fw_html_number(html, "<td>", tallies[column].present, "");
        fw_html_number(html, " / ", tallies[column].expected, "</td>");
    }
    fw_html_raw(html, "</tr></tfoot>\n</table></div>\n</section>\n");
}

void fw_html_exceptions(struct fw_html *html)
{
    static const struct fw_html_column columns[] = {
        {"label.check", NULL},        {"label.device", NULL}, {"label.reason", NULL},
        {"label.compensating", NULL}, {"label.by", NULL},     {"label.expires", NULL}};
    const struct fw_site *site = html->in->facts->site;
    if (!site || site->nexceptions == 0) {
        return;
    }
    fw_html_word(html, "<section id=\"exceptions\" class=\"page\">\n<h2>", "heading.exceptions",
                 "</h2>\n");
    fw_html_table(html, "sort", columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < site->nexceptions; i++) {
        const struct fw_site_exception *exception = &site->exceptions[i];
        fw_html_put(html, "<tr><td class=\"id\"><a href=\"#", exception->check, "\">");
        fw_html_put(html, "", exception->check, "</a></td>");
        fw_html_put(html, "<td>",
                    exception->device.n > 0 ? exception->device
                                            : fw_survey_word(&html->survey, "label.all"),
                    "</td>");
        fw_html_put(html, "<td>", exception->reason, "</td>");
        fw_html_put(html, "<td>", exception->compensating, "</td>");
        fw_html_put(html, "<td>", exception->by, "</td>");
        fw_html_put(html, "<td class=\"id\">",
                    exception->waiver ? fw_html_date(html, exception->expires_ns) : FW_SV("—"),
                    "</td></tr>\n");
    }
    fw_html_raw(html, "</tbody>\n</table></div>\n</section>\n");
}
