using System.CommandLine;
using Symbolon.Cli.Invocation;

namespace Symbolon.Cli.Commands;

/// <summary>A filter of a list as an option.</summary>
/// <param name="Parameter">Its name in the API's query.</param>
/// <param name="Read">What is sent for what was typed; may refuse it.</param>
internal sealed record FilterOption(Option<string?> Option, string Parameter, Func<string?, CommandRun, string?> Read)
{
    /// <summary>Under the API's own name, as it was typed.</summary>
    public static FilterOption Of(string name, string summary, string value) => Of(name, name[2..], summary, value, (text, _) => text);

    public static FilterOption Of(string name, string parameter, string summary, string value, Func<string?, CommandRun, string?> read) =>
        new(new Option<string?>(name) { Description = summary, HelpName = value }, parameter, read);
}

/// <summary>All filters of one list.</summary>
internal sealed class FilterOptions(params IReadOnlyList<FilterOption> filters)
{
    public void AddTo(Command command)
    {
        foreach (var filter in filters) command.Add(filter.Option);
    }

    public IEnumerable<(string Name, string? Value)> Read(CommandRun run) => filters.Select(filter => (filter.Parameter, filter.Read(run.Value(filter.Option), run)));
}
