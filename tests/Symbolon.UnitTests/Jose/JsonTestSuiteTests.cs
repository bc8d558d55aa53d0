using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "json")]
public sealed class JsonTestSuiteTests
{
    // Legal by the grammar of RFC 8259, whose section 4 leaves equal names to the reader: here they refuse the text.
    private static readonly HashSet<string> DuplicateNames =
        ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

    public static TheoryData<string> Files() => [.. JoseVectors.JsonTestSuite.Keys];

    [Fact]
    public void The_suite_is_complete() => Assert.Equal(256, JoseVectors.JsonTestSuite.Count);

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_file_gets_the_verdict_that_its_name_asks_for(string name)
    {
        var error = StrictJson.Scan(JoseVectors.JsonTestSuite[name]);
        if (DuplicateNames.Contains(name)) Assert.Equal(StrictJsonErrorKind.DuplicateMember, error.Kind);
        else if (name.StartsWith("y_", StringComparison.Ordinal)) Assert.Equal(StrictJsonErrorKind.None, error.Kind);
        else if (name.StartsWith("n_", StringComparison.Ordinal)) Assert.NotEqual(StrictJsonErrorKind.None, error.Kind);
        else Assert.InRange(error.Offset, 0, JoseVectors.JsonTestSuite[name].Length);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void An_accepted_file_can_be_read_to_its_last_value(string name)
    {
        var text = JoseVectors.JsonTestSuite[name];
        if (StrictJson.Scan(text).Accepted) JsonReference.AssertReadsLikeJsonDocument(text);
        else Assert.DoesNotContain("y_structure", name, StringComparison.Ordinal);
    }
}
