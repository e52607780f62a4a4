# Completions name the same commands, options and values as the help.
fwproof --completion bash >c.bash && bash -c '
. ./c.bash
COMP_WORDS=(fwproof ru) COMP_CWORD=1; _fwproof; echo "${COMPREPLY[@]}"
COMP_WORDS=(fwproof rules --fa) COMP_CWORD=2; _fwproof; echo "${COMPREPLY[@]}"
COMP_WORDS=(fwproof rules --fail-on "") COMP_CWORD=3; _fwproof; echo "${COMPREPLY[@]}"
COMP_WORDS=(fwproof sign --role m) COMP_CWORD=3; _fwproof; echo "${COMPREPLY[@]}"'
fwproof --completion fish | grep -c -- '-l json'
fwproof --completion zsh | head -n 1
fwproof --completion tcsh
