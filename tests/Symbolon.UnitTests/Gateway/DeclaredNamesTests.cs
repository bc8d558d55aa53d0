using System.Text;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class DeclaredNamesTests
{
    private static readonly string Long = new('q', 300);

    public static TheoryData<string, string, string?> Arguments => new()
    {
        { "namespace", "namespace", null },
        { "namespace", "Namespace", "namespace" },
        { "namespace", "name\u017Fpace", "namespace" },
        { "namespace", "\\u004eamespace", "namespace" },
        { "namespace", "\\u006eamespace", null },
        { "namespace", "namespaces", null },
        { "key", "\u212Aey", "key" },
        { "a\",\"A", "A", null },
        { "a\",\"A", "a", null },
        { "stra\u00DFe", "STRASSE", null },
        { Long, Long.ToUpperInvariant(), Long },
        { Long, Long, null },
        { "namespace", Long, null },
        { "namespace", "", null },
    };

    [Theory]
    [MemberData(nameof(Arguments))]
    public void An_argument_that_folds_to_a_declared_name_without_being_one_imitates_it(string declared, string argument, string? imitated)
    {
        var schema = Encoding.UTF8.GetBytes("{\"" + declared.Replace("\",\"", "\":{},\"", StringComparison.Ordinal) + "\":{}}");
        var call = Encoding.UTF8.GetBytes("{\"" + argument + "\":1}");
        var names = new DeclaredNames(JsonValue.Root(schema));
        foreach (var member in JsonValue.Root(call).Members) Assert.Equal(imitated, names.ImitatedBy(member));
    }

    [Fact]
    public void A_tool_without_arguments_is_imitated_by_none()
    {
        foreach (var member in JsonValue.Root("""{"x":1}"""u8).Members) Assert.Null(DeclaredNames.None.ImitatedBy(member));
    }
}
