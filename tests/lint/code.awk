# C source as FILE:LINE:CODE, with comments gone and the insides of strings blanked.
FNR == 1 {
    comment = 0
}

{
    out = ""
    rest = $0
    while (rest != "") {
        if (comment) {
            at = index(rest, "*/")
            if (at == 0) {
                break
            }
            comment = 0
            rest = substr(rest, at + 2)
            continue
        }
        at = match(rest, /\/\*|\/\/|"|'/)
        if (at == 0) {
            out = out rest
            break
        }
        out = out substr(rest, 1, at - 1)
        mark = substr(rest, at, 1)
        if (mark == "/") {
            if (substr(rest, at + 1, 1) == "/") {
                break
            }
            comment = 1
            rest = substr(rest, at + 2)
            continue
        }
        rest = substr(rest, at + 1)
        inside = ""
        while (rest != "" && substr(rest, 1, 1) != mark) {
            inside = inside substr(rest, 1, 1)
            rest = substr(rest, substr(rest, 1, 1) == "\\" ? 3 : 2)
        }
        rest = substr(rest, 2)
        # An include's path is code.
        out = out mark (out ~ /^[ \t]*#[ \t]*include/ ? inside : "") mark
    }
    print FILENAME ":" FNR ":" out
}
