/* What the files of the reader of captures share; nobody else includes this. */
#ifndef FW_PARSERS_CLOCK_CAPTURE_H
#define FW_PARSERS_CLOCK_CAPTURE_H

#include "parsers/clock.h"
#include "parsers/doc.h"

enum { FW_CLOCK_COLUMNS = 16 };

enum fw_clock_table_kind {
    FW_CLOCK_NO_TABLE,
    FW_CLOCK_PEERS,       /* ntpq -p and its relatives on devices: by the names of the columns */
    FW_CLOCK_SOURCES,     /* chronyc sources */
    FW_CLOCK_SOURCESTATS, /* chronyc sourcestats */
    FW_CLOCK_SELECTDATA,  /* chronyc selectdata */
};

struct fw_clock_table {
    enum fw_clock_table_kind kind;
    size_t ncolumns;
    const char *columns[FW_CLOCK_COLUMNS]; /* PEERS: of the header, the tally aside */
    bool indented;                         /* the first character of a row is its tally */
    bool follows;                          /* its rows say which server the clock follows */
    uint64_t rows;
};

struct fw_clock_capture {
    struct fw_doc *doc;
    struct fw_clock_sink *sink;
    bool open;
    struct fw_clock_record record; /* what is being put together, while `open` */
    struct fw_clock_table table;
    struct fw_clock_record state; /* what the rows of the table say of the clock */
};

void fw_clock_capture_open(struct fw_clock_capture *capture, const char *what, fw_sv text,
                           uint32_t line);
void fw_clock_capture_close(struct fw_clock_capture *capture);

/* Whether the line names the columns of a table of servers. */
bool fw_clock_is_peers(fw_sv text);
/* Whether the line is the header of a table, which is then open. */
bool fw_clock_table_open(struct fw_clock_capture *capture, fw_sv text, uint32_t line);
/* Whether the line is a row of the open table. */
bool fw_clock_table_row(struct fw_clock_capture *capture, fw_sv text, uint32_t line);
void fw_clock_table_close(struct fw_clock_capture *capture);

/* "Leap status     : Normal", "offset=-0.050, frequency=13.778," */
bool fw_clock_pair(struct fw_clock_capture *capture, fw_sv text, uint32_t line);
/* "Clock is synchronized, stratum 2, reference is 192.0.2.123" */
bool fw_clock_sentence(struct fw_clock_capture *capture, fw_sv text, size_t indent, uint32_t line);

#endif
