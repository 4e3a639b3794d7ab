# SPDX-License-Identifier: LGPL-2.1-or-later
# bash completion for rostrum(1); needs no bash-completion library.

_rostrum_options() {
  local job="--media --allow-root"
  local network="--allow-host --allow-http --cookie --header --parallel --retries --retry-pause --connect-timeout --timeout --max-size"
  case $1 in
    render) echo "--output --overwrite --jobs --work --keep --from --to --audio-only --stems --stream --fragmented --no-copy --rate --draft --profile --encoder --profile-dir --encoder-sessions --no-cache --on-damage --verify --report" \
                 "--progress --stall-timeout --preview --video-sink --audio-sink --web --port $job $network" ;;
    preview) echo "--at --video-sink --audio-sink --web --port --allow-host $job" ;;
    record) echo "--output --overwrite --duration --chunk-duration --keep --finish --profile --encoder --profile-dir --no-cache --allow-host --allow-root" ;;
    plan) echo "--json --explain --dot --assets --contact-sheet --waveform --overwrite --rate --profile-dir $job" ;;
    import) echo "--output --overwrite --list --slide-times --seconds-per-slide --allow-root" ;;
    export) echo "--output --overwrite $job" ;;
    fetch) echo "--output --overwrite --stall-timeout --progress $network" ;;
    doctor) echo "--json --profile-dir --no-cache" ;;
    gc) echo "--older-than --max-size --dry-run" ;;
    verify) echo "--job --from --to --rate --no-copy --audio-only --stem --quick --json --html --overwrite $job" ;;
  esac
}

# The values of option $1; nothing for one whose value is a time or a number; fails for one that takes none.
_rostrum_values() {
  case $1 in
    --profile) echo "quality balanced fast draft" ;;
    --encoder) echo "auto nvcuda nvenc qsv va va-lp x264 openh264" ;;
    --rate) echo "constant variable" ;;
    --on-damage) echo "substitute fail" ;;
    --verify) echo "quick full off" ;;
    --progress) echo "auto bar json none" ;;
    --from|--to|--at|--duration|--chunk-duration|--video-sink|--audio-sink|--explain|--stall-timeout|--jobs|--encoder-sessions|--older-than|--max-size) ;;
    --seconds-per-slide|--allow-host|--parallel|--retries|--retry-pause|--connect-timeout|--timeout|--port) ;;
    *) return 1 ;;
  esac
}

_rostrum() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} values
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "render plan preview record import export fetch doctor verify gc --help --version" -- "$word")
  elif values=$(_rostrum_values "$before"); then
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
  elif [[ $before == --media || $before == --work || $before == --allow-root || $before == --profile-dir || $before == --finish ]]; then
    mapfile -t COMPREPLY < <(compgen -d -- "$word")
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_rostrum_options "$command") --help" -- "$word")
  elif [[ $command == import ]] && ((COMP_CWORD == 2)); then
    mapfile -t COMPREPLY < <(compgen -W "mtslink bigbluebutton opencast otio slides folder zoom" -- "$word")
  elif [[ $command == export ]] && ((COMP_CWORD == 2)); then
    mapfile -t COMPREPLY < <(compgen -W "otio edl xges" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}

complete -o filenames -F _rostrum rostrum
