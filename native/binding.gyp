{
  "targets": [
    {
      "target_name": "evenkeel",
      "sources": [
        "evenkeel.c", "values.c", "socket.c", "watch.c", "timer.c", "signals.c", "process.c", "spawn.c", "file.c",
        "interface.c", "readiness.c", "hear.c", "ear.c", "listener.c", "repeat.c", "repeater.c", "thread.c", "regex.c",
        "constants.c"
      ],
      "cflags": ["-std=gnu11", "-Wall", "-Wextra", "-fvisibility=hidden", "-O2"],
      "cflags!": ["-Wno-unused-parameter"],
      "libraries": ["-ldl"]
    }
  ]
}
