# Counts one suite's lines. Variables: suite, code (its exit), limit, seconds, totals (appended:
# "passed failed skipped"). Prints the suite's line and its failures; keeps them in SUITE.result.
BEGIN {
    result = totals
    sub(/totals$/, suite ".result", result)
    printf "" > result
}

/^ok / {
    passed++
}

/^not ok / {
    failed++
    failures[failed] = $0
}

/^skip / {
    skipped++
    reason = $0
    sub(/^[^:]*: */, "", reason)
    if (!(reason in reasons)) {
        reasons[reason] = 1
        order[++nreasons] = reason
    } else {
        reasons[reason]++
    }
}

END {
    if (code == 124 || code == 137) {
        failures[++failed] = "not ok " suite ": stopped after " limit " s"
    } else if (code > 1 || (code == 1 && failed == 0)) {
        failures[++failed] = "not ok " suite ": ended with " code ", see " suite ".log"
    } else if (passed + failed + skipped == 0) {
        failures[++failed] = "not ok " suite ": printed no case"
    }
    line = sprintf("%d passed, %d failed", passed, failed)
    if (skipped > 0) {
        line = line sprintf(", %d skipped", skipped)
    }
    printf "%-10s %-40s %5d s\n", suite, line, seconds
    for (i = 1; i <= nreasons; i++) {
        printf "    skipped %d: %s\n", reasons[order[i]], order[i]
    }
    for (i = 1; i <= failed; i++) {
        print "    " failures[i]
        print failures[i] > result
    }
    print passed + 0, failed + 0, skipped + 0 >> totals
}
