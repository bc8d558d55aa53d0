using Symbolon.Cli.Output;

namespace Symbolon.Cli.Demo;

/// <summary>Finds the sample servers beside this program in the build output: <c>artifacts/bin/Orders/release/Orders</c>.</summary>
internal static class SamplePrograms
{
    /// <exception cref="CommandException">It was not built.</exception>
    public static string Find(string name)
    {
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        var program = Path.Combine(here.Parent?.Parent?.FullName ?? here.FullName, name, here.Name, file);
        return File.Exists(program) ? program : throw new CommandException(ExitCode.Error, "sample_missing", $"The sample server {program} is not there.")
        {
            Hint = "Start the demo with ./symbolon demo in a clone of the source: it builds the samples first.",
        };
    }
}
