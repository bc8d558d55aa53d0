using System.Diagnostics;

namespace Symbolon.Testing.Processes;

/// <summary>Sends signals with the shell's own <c>kill</c>: a machine without procps has no program of that name.</summary>
public static class Signal
{
    /// <param name="name">As the shell knows it: <c>TERM</c>, <c>INT</c>, <c>KILL</c>.</param>
    public static void Send(string name, int process) => Process.Start("/bin/sh", ["-c", "kill -s \"$0\" \"$1\"", name, $"{process}"]).WaitForExit();
}
