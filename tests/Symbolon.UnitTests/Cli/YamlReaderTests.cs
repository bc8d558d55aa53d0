using System.Text;
using System.Text.Json;
using Symbolon.Admin.Sources;

namespace Symbolon.UnitTests.Cli;

[Trait("area", "cli")]
public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("a: 12345678901234567890123", "12345678901234567890123")]
    [InlineData("a: 1.10", "1.10")]
    [InlineData("a: -0.0", "-0.0")]
    [InlineData("a: +5", "5")]
    [InlineData("a: 007", "7")]
    [InlineData("a: .5", "0.5")]
    [InlineData("a: 5.", "5")]
    [InlineData("a: 1E+30", "1e30")]
    [InlineData("a: 0x1F", "31")]
    [InlineData("a: 0o17", "15")]
    [InlineData("a: ~", "null")]
    [InlineData("a:", "null")]
    [InlineData("a: True", "true")]
    [InlineData("a: yes", "\"yes\"")]
    [InlineData("a: on", "\"on\"")]
    [InlineData("a: 2027-03-31", "\"2027-03-31\"")]
    [InlineData("a: 1:30", "\"1:30\"")]
    [InlineData("a: 1_000", "\"1_000\"")]
    [InlineData("a: 0b1", "\"0b1\"")]
    [InlineData("a: \"12\"", "\"12\"")]
    [InlineData("a: 'true'", "\"true\"")]
    [InlineData("a: e5", "\"e5\"")]
    [InlineData("a: '-'", "\"-\"")]
    [InlineData("a: 1e", "\"1e\"")]
    public void A_plain_scalar_is_what_the_core_schema_says_and_keeps_its_digits(string yaml, string json)
    {
        var reading = YamlReader.Read("f", yaml);

        Assert.Empty(reading.Errors);
        Assert.Equal(json, Assert.Single(reading.Documents).Json.GetProperty("a").GetRawText());
    }

    [Fact]
    public void Several_documents_are_read_and_empty_ones_left_out()
    {
        var reading = YamlReader.Read("f", "---\na: 1\n---\n# nothing\n---\nb: [x, {c: d}]\n");

        Assert.Empty(reading.Errors);
        Assert.Equal(["""{"a":1}""", """{"b":["x",{"c":"d"}]}"""], reading.Documents.Select(document => document.Json.GetRawText()));
        Assert.Equal([2, 6], reading.Documents.Select(document => document.Error("", "").Line));
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3", 3, "a is given twice")]
    [InlineData("a: !!binary aGk=", 1, "tag")]
    [InlineData("a: !x b", 1, "tag")]
    [InlineData("a: !!str 1", 1, "tag")]
    [InlineData("[1, 2]: x", 1, "key")]
    [InlineData("? {a: b}\n: c", 1, "key")]
    [InlineData("a: *b", 1, "anchor")]
    [InlineData("a: &a [*a]", 1, "anchor")]
    [InlineData("b: &b {x: 1}\na:\n  <<: *b", 3, "Merge keys")]
    [InlineData("a: .inf", 1, "no number")]
    [InlineData("a: -.INF", 1, "no number")]
    [InlineData("a: .nan", 1, "no number")]
    [InlineData("a: [1", 2, "")]
    [InlineData("a: \"x", 1, "")]
    [InlineData("a: 1\n b: 2", 2, "")]
    [InlineData("a: \"\\q\"", 1, "")]
    public void What_is_not_plain_data_is_refused_with_its_line(string yaml, int line, string words)
    {
        var error = Assert.Single(YamlReader.Read("f.yaml", yaml).Errors);

        Assert.Equal(line, error.Line);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_a_file_are_told_at_once()
    {
        var errors = YamlReader.Read("f.yaml", "a: 1\na: 2\nb: !x 1\nc: .nan\n").Errors;

        Assert.Equal([2, 3, 4], errors.Select(error => error.Line));
    }

    [Fact]
    public void An_alias_repeats_what_its_anchor_holds()
    {
        var reading = YamlReader.Read("f", "a: &x {n: 1}\nb: *x\n");

        Assert.Equal("""{"a":{"n":1},"b":{"n":1}}""", Assert.Single(reading.Documents).Json.GetRawText());
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(60, true)]
    [InlineData(70, false)]
    [InlineData(2000, false)]
    public void An_alias_is_as_deep_as_what_it_stands_for(int links, bool accepted)
    {
        var chain = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i <= links; i++) chain.Append($"a{i}: &a{i} [*a{i - 1}]\n");

        var reading = YamlReader.Read("f", chain.ToString());

        if (accepted) Assert.Empty(reading.Errors);
        else Assert.Contains("Nesting is limited", Assert.Single(reading.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_that_multiply_are_refused_before_they_cost_memory()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++) bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");

        var reading = YamlReader.Read("f", bomb.ToString());

        Assert.Contains("at most", Assert.Single(reading.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(65, false)]
    [InlineData(200_000, false)]
    public void Nesting_is_bounded(int depth, bool accepted)
    {
        var reading = YamlReader.Read("f", new string('[', depth) + new string(']', depth));

        Assert.Equal(accepted, reading.Errors.Count == 0);
    }

    [Theory]
    [InlineData("f.yaml", "spec:\n  rules:\n    - { name: größe, when: x }\n", "spec.rules[0].when", 3, 22)]
    [InlineData("f.yaml", "spec:\n  rules:\n    - { name: größe, when: x }\n", "spec.rules[0]", 3, 7)]
    [InlineData("f.json", "{\n  \"spec\": {\"größe\": 1, \"when\": 2}}", "spec.when", 2, 24)]
    [InlineData("f.json", "{\n  \"spec\": {\"größe\": 1, \"when\": 2}}", "spec", 2, 3)]
    public void A_path_leads_to_its_line_and_column(string file, string text, string path, int line, int column)
    {
        var reading = file.EndsWith(".json", StringComparison.Ordinal) ? JsonReader.Read(file, System.Text.Encoding.UTF8.GetBytes(text)) : YamlReader.Read(file, text);
        Assert.Equal(new SourcePlace(line, column), Assert.Single(reading.Documents).Error(path, "").At);
    }

    [Theory]
    [InlineData("spec.tools[1].effect", 7)]
    [InlineData("spec.tools[1]", 6)]
    [InlineData("spec.tools[9].name", 4)]
    [InlineData("metadata.labels.a.b", 3)]
    [InlineData("nowhere", 1)]
    [InlineData("", 1)]
    public void A_path_leads_to_the_nearest_line(string path, int line)
    {
        var yaml = "kind: Server\nmetadata:\n  labels: {a: x, a.b: y}\nspec: {tools: [\n  {name: a, effect: read},\n  {name: b,\n   effect: none}]}\n";

        Assert.Equal(line, Assert.Single(YamlReader.Read("f", yaml).Documents).Error(path, "").Line);
    }

    [Theory]
    [InlineData("""{"a":1,"b":[true,null,{"c":"d"}],"e":{},"f":[]}""")]
    [InlineData("""[{"a":[[1,2],[]]},"x",{"b":{"c":{"d":-1.50e3}}}]""")]
    [InlineData("""{"null":"null","yes":"no","~":"~","a: b":"c # d","- x":"- y","":"","12":"12","1e3":"1e3","y":"0x10","<<":"*a","k":".inf"}""")]
    [InlineData("""{"t":"line\nline\r\n\ttab","q":"\"'\\","u":"\u0001\u001b[31m\u0085\u2028\u202e\ufeff\u00a0 \ud83d\ude00é漢","s":" x ","p":"%@`|>!&"}""")]
    public void What_is_written_as_YAML_reads_as_the_same_value(string json)
    {
        var value = JsonDocument.Parse(json).RootElement;

        var reading = YamlReader.Read("f", YamlText.Write(value));

        Assert.Empty(reading.Errors);
        Assert.True(JsonElement.DeepEquals(value, Assert.Single(reading.Documents).Json), reading.Documents[0].Json.GetRawText());
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "given twice")]
    [InlineData("""{"a":1""", "")]
    [InlineData("""{"a":"\ud800"}""", "surrogate")]
    [InlineData("""{"a":1} x""", "")]
    public void A_JSON_file_is_read_as_strictly(string json, string words)
    {
        var error = Assert.Single(JsonReader.Read("f.json", Encoding.UTF8.GetBytes(json)).Errors);

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_JSON_list_is_several_documents_with_lines_of_their_own()
    {
        var reading = JsonReader.Read("f.json", "[\n{\"a\": 1.0},\n{\"b\":\n {\"c\": 2}}]"u8);

        Assert.Empty(reading.Errors);
        Assert.Equal(["""{"a":1.0}""", """{"b":{"c":2}}"""], reading.Documents.Select(document => document.Json.GetRawText()));
        Assert.Equal(4, reading.Documents[1].Error("b.c", "").Line);
    }
}
