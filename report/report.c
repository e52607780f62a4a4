/* The list of reports. */
#include "report/report.h"

#include <string.h>

#define FW_REPORT(stem) extern const struct fw_report fw_report_##stem;
#include "report/registry.def"
#undef FW_REPORT

const struct fw_report *const fw_reports[] = {
#define FW_REPORT(stem) &fw_report_##stem,
#include "report/registry.def"
#undef FW_REPORT
    NULL,
};

const struct fw_report *fw_report_find(const char *name)
{
    for (size_t i = 0; fw_reports[i]; i++) {
        if (strcmp(fw_reports[i]->name, name) == 0) {
            return fw_reports[i];
        }
    }
    return NULL;
}
