using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Admin.Sources;

namespace Symbolon.Cli.Output;

internal enum OutputFormat
{
    Table,
    Json,
    Yaml,
}

/// <summary>How a command was asked to show things.</summary>
internal sealed record ScreenOptions
{
    public OutputFormat Format { get; init; }

    /// <summary>No notes: data and errors only.</summary>
    public bool Quiet { get; init; }
    public bool NoHeaders { get; init; }

    /// <summary>Data goes to a person, not to a program.</summary>
    public bool ToTerminal { get; init; }

    /// <summary>A table has colours; false unless <see cref="ToTerminal"/>.</summary>
    public bool Coloured { get; init; }
}

/// <summary>Where a command writes: data on standard output, everything else on standard error.</summary>
internal sealed class Screen(TextWriter data, TextWriter notes, ScreenOptions options)
{
    public OutputFormat Format => options.Format;

    /// <summary>A list or one object, as a table of these columns or in the format that was asked for.</summary>
    public void Show(JsonElement value, params IReadOnlyList<Column> columns)
    {
        switch (options.Format)
        {
            case OutputFormat.Json:
                data.Write(JsonText.Write(value));
                break;
            case OutputFormat.Yaml:
                data.Write(YamlText.Write(value));
                break;
            default:
                var rows = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : (IEnumerable<JsonElement>)[value];
                Table.Write(data, columns, rows, options.ToTerminal, titles: !options.NoHeaders, options.Coloured);
                break;
        }
        data.Flush();
    }

    /// <summary>One object with all that is known of it; where a table was asked for, as YAML.</summary>
    public void ShowWhole(JsonElement value)
    {
        data.Write(options.Format == OutputFormat.Json ? JsonText.Write(value) : YamlText.Write(value));
        data.Flush();
    }

    /// <summary>One line of data, as it is: for values that are printed once, and for lines that are a format of their own.</summary>
    public void Line(string text)
    {
        data.Write(text + "\n");
        data.Flush();
    }

    /// <summary>For people; left out with <c>--quiet</c>.</summary>
    public void Note(string text)
    {
        if (!options.Quiet) Write(PlainText.Lines(text));
    }

    /// <summary>Something is wrong, but it goes on.</summary>
    public void Warn(string text) => Write("warning: " + PlainText.Lines(text));

    /// <summary>An error: text, or <c>{code, message, hint, details}</c> where JSON was asked for.</summary>
    public void Fail(CommandException failure)
    {
        if (options.Format == OutputFormat.Json)
        {
            var error = new JsonObject { ["code"] = failure.Code, ["message"] = failure.Message };
            if (failure.Hint is { } hint) error["hint"] = hint;
            error["docs"] = $"docs/errors.md#{failure.Code}";
            if (failure.Details.Count > 0) error["details"] = new JsonArray([.. failure.Details.Select(detail => (JsonNode)detail)]);
            notes.Write(JsonText.Write(JsonSerializer.SerializeToElement(error)));
            return;
        }
        foreach (var detail in failure.Details.Where(detail => !FieldText.IsSaidBy(detail, failure.Message))) Write(PlainText.Lines(detail));
        Write("error: " + PlainText.Lines(failure.Message));
        if (failure.Hint is { } help) Write("hint: " + PlainText.Lines(help));
    }

    private void Write(string text) => notes.Write(text + "\n");
}
