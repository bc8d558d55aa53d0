using System.Text.Json;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Output;

namespace Symbolon.UnitTests.Cli;

[Trait("area", "cli")]
public sealed class OutputTests
{
    [Theory]
    [InlineData("plain words, é 漢字 😀", "plain words, é 漢字 😀")]
    [InlineData("\u001b[31mred\u001b[0m", "\\u{1B}[31mred\\u{1B}[0m")]
    [InlineData("a\u009b1mb", "a\\u{9B}1mb")]
    [InlineData("one\ntwo\rthree\ttab", "one\\u{A}two\\u{D}three\\u{9}tab")]
    [InlineData("\u202Egnp.exe", "\\u{202E}gnp.exe")]
    [InlineData("zero\u200Bwidth\uFEFF", "zero\\u{200B}width\\u{FEFF}")]
    [InlineData("line\u2028separator", "line\\u{2028}separator")]
    [InlineData("\u0007\u0008\u007f", "\\u{7}\\u{8}\\u{7F}")]
    public void A_foreign_text_cannot_steer_the_terminal(string text, string shown) =>
        Assert.Equal(shown, PlainText.OneLine(text));

    [Fact]
    public void Half_a_surrogate_pair_is_shown_as_the_replacement_character() =>
        Assert.Equal("half \uFFFD pair", PlainText.OneLine("half " + '\ud800' + " pair"));

    [Fact]
    public void No_naughty_string_makes_a_row_a_column_or_a_command_to_the_terminal()
    {
        using var file = typeof(OutputTests).Assembly.GetManifestResourceStream("naughty-strings/blns.json")!;
        var strings = JsonDocument.Parse(file).RootElement;
        var rows = JsonSerializer.SerializeToElement(strings.EnumerateArray().Select(text => new { name = text, owner = "o" }));

        var table = Show(rows, new ScreenOptions { NoHeaders = true });

        Assert.Equal(strings.GetArrayLength(), table.Count(c => c == '\n'));
        Assert.Equal(strings.GetArrayLength(), table.Count(c => c == '\t'));
        Assert.DoesNotContain(table, c => char.IsControl(c) && c is not ('\n' or '\t'));
        Assert.True(JsonElement.DeepEquals(rows, Json(Show(rows, new ScreenOptions { Format = OutputFormat.Json }))));
        var read = YamlReader.Read("f", Show(rows, new ScreenOptions { Format = OutputFormat.Yaml }));
        Assert.True(JsonElement.DeepEquals(rows, Assert.Single(read.Documents).Json));
    }

    [Fact]
    public void A_record_on_one_line_of_JSON_cannot_steer_the_terminal_and_is_the_same_value()
    {
        var record = Json("{\"event\":{\"tool\":\"a\u009b31m\u0085\u202eb\",\"n\":[1.50,null,{}]}}");

        var line = JsonText.OneLine(record);

        Assert.Equal("""{"event":{"tool":"a\u009b31m\u0085\u202eb","n":[1.50,null,{}]}}""", line);
        Assert.True(JsonElement.DeepEquals(record, Json(line)));
    }

    [Fact]
    public void A_cell_cannot_make_a_row_or_a_column()
    {
        var rows = Json("""[{"name":"a\tb\nc","owner":"\u001b[2Jx"}]""");

        var piped = Show(rows, new ScreenOptions());

        Assert.Equal("NAME\tOWNER\na\\u{9}b\\u{A}c\t\\u{1B}[2Jx\n", piped);
    }

    [Fact]
    public void A_table_is_aligned_on_a_terminal()
    {
        var rows = Json("""[{"name":"a","owner":"x"},{"name":"long-name","owner":"y"}]""");

        Assert.Equal("NAME       OWNER\na          x\nlong-name  y\n", Show(rows, new ScreenOptions { ToTerminal = true }));
        Assert.Equal("a          x\nlong-name  y\n", Show(rows, new ScreenOptions { ToTerminal = true, NoHeaders = true }));
    }

    [Fact]
    public void A_table_in_colour_has_the_same_words_and_no_colour_that_its_data_chose()
    {
        var rows = Json("""[{"name":"active","state":"active"},{"name":"\u001b[31m","state":"retired"},{"name":"x","state":"odd"}]""");
        var plain = new StringWriter();
        var coloured = new StringWriter();
        foreach (var (writer, inColour) in new[] { (plain, false), (coloured, true) })
            new Screen(writer, TextWriter.Null, new ScreenOptions { ToTerminal = true, Coloured = inColour }).Show(rows, Column.At("NAME", "name"), Column.At("STATE", "state"));

        Assert.Equal("\e[1mNAME\e[0m        \e[1mSTATE\e[0m\nactive      \e[32mactive\e[0m\n\\u{1B}[31m  \e[31mretired\e[0m\nx           odd\n", coloured.ToString());
        Assert.Equal(plain.ToString(), System.Text.RegularExpressions.Regex.Replace(coloured.ToString(), "\e\\[[0-9]+m", ""));
    }

    [Theory]
    [InlineData(true, null, "xterm-256color", true)]
    [InlineData(true, "", "xterm-256color", true)]
    [InlineData(true, "1", "xterm-256color", false)]
    [InlineData(true, null, "dumb", false)]
    [InlineData(true, null, null, false)]
    [InlineData(false, null, "xterm-256color", false)]
    public void Colours_are_for_a_terminal_whose_user_did_not_refuse_them(bool toTerminal, string? noColor, string? term, bool wanted) =>
        Assert.Equal(wanted, CellColour.IsWanted(toTerminal, name => name switch { "NO_COLOR" => noColor, "TERM" => term, _ => null }));

    [Fact]
    public void JSON_output_is_the_same_value_and_safe_to_look_at()
    {
        var value = Json("""{"n":1.000,"big":123456789012345678901,"t":"\u001b]0;x\u0007\u202e \"\\\n😀","e":{},"l":[]}""");

        var text = Show(value, new ScreenOptions { Format = OutputFormat.Json });

        Assert.True(JsonElement.DeepEquals(value, Json(text)));
        Assert.Contains("1.000", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u202e', text);
    }

    [Fact]
    public void An_error_is_an_object_where_JSON_was_asked_for()
    {
        var notes = new StringWriter();

        new Screen(TextWriter.Null, notes, new ScreenOptions { Format = OutputFormat.Json })
            .Fail(new CommandException(ExitCode.NotFound, "not_found", "There is no server x.") { Hint = "server list" });

        var error = Json(notes.ToString());
        Assert.Equal(("not_found", "There is no server x.", "server list"),
            (error.GetProperty("code").GetString(), error.GetProperty("message").GetString(), error.GetProperty("hint").GetString()));
        Assert.True(error.TryGetProperty("docs", out _));
    }

    [Fact]
    public void A_message_of_the_server_cannot_steer_the_terminal()
    {
        var notes = new StringWriter();

        new Screen(TextWriter.Null, notes, new ScreenOptions()).Fail(new CommandException(ExitCode.Error, "x", "bad\u001b[2J\rname"));

        Assert.Equal("error: bad\\u{1B}[2J\\u{D}name\n", notes.ToString());
    }

    private static string Show(JsonElement value, ScreenOptions options)
    {
        var data = new StringWriter();
        new Screen(data, TextWriter.Null, options).Show(value, Column.At("NAME", "name"), Column.At("OWNER", "owner"));
        return data.ToString();
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
