using System.Text;
using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Audit;

[Trait("area", "audit")]
public sealed class AuditEventJsonTests
{
    private static readonly JsonElement Schema = ReadSchema();

    [Fact]
    public void A_record_with_every_member_is_canonical_and_has_exactly_the_members_of_the_schema()
    {
        var line = AuditEvents.Append(new AuditChain(OrganisationId.Default), AuditEvents.Full());

        Assert.True(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(line)));
        using var record = JsonDocument.Parse(line);
        Assert.Equal(MembersOf(Schema), NamesOf(record.RootElement));
        Assert.Equal(MembersOf(Schema.GetProperty("properties").GetProperty("event")), NamesOf(record.RootElement.GetProperty("event")));
    }

    [Fact]
    public void Members_without_a_value_are_left_out()
    {
        var line = AuditEvents.Append(new AuditChain(OrganisationId.Default), AuditEvents.Of(AuditKind.Request));

        Assert.Equal(
            $$"""{"event":{"kind":"request","server":"deploy","time":{{AuditEvents.Now}}},"organisation":"default","prev":"{{new string('0', 64)}}","recorded":{{AuditEvents.Now}},"schema":1,"seq":1}""",
            line);
    }

    [Fact]
    public void The_schema_lists_every_kind_outcome_and_code()
    {
        var members = Schema.GetProperty("properties").GetProperty("event").GetProperty("properties");

        Assert.Equal(AuditTexts.AllKinds, TextsOf(members.GetProperty("kind")));
        Assert.Equal(AuditTexts.AllOutcomes, TextsOf(members.GetProperty("outcome")));
        Assert.Equal(Enum.GetValues<ReasonCode>().Select(code => code.ToText()).Order(StringComparer.Ordinal), TextsOf(members.GetProperty("code")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("a\"\\/\b\t\n\f\r\u0001\u007f\u2028é😀", "\"a\\\"\\\\/\\b\\t\\n\\f\\r\\u0001\u007f\u2028é😀\"")]
    [InlineData("\0", "\"\\u0000\"")]
    public void Odd_text_is_written_as_RFC_8785_wants_it(string text, string expected)
    {
        var record = AuditEvents.Of(AuditKind.AdminChange);
        record.Reason = text;

        var line = AuditEvents.Append(new AuditChain(OrganisationId.Default), record);

        Assert.Contains($"\"reason\":{expected}", line, StringComparison.Ordinal);
        Assert.True(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(line)));
    }

    [Fact]
    public void Half_a_surrogate_pair_does_not_stop_the_record()
    {
        var record = AuditEvents.Of(AuditKind.AdminChange);
        record.Reason = new string('\ud800', 1);

        Assert.Contains("\"reason\":\"\ufffd\"", AuditEvents.Append(new AuditChain(OrganisationId.Default), record), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_beyond_what_RFC_8785_carries_does_not_stop_the_record()
    {
        var record = AuditEvents.Of(AuditKind.Request);
        record.Duration = long.MaxValue;

        var line = AuditEvents.Append(new AuditChain(OrganisationId.Default), record);

        Assert.Contains($"\"duration\":{CanonicalJsonWriter.GreatestInteger}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_are_parsed_from_their_names_only()
    {
        Assert.True(AuditTexts.TryParse("call_intent", out var kind));
        Assert.Equal(AuditKind.CallIntent, kind);
        Assert.False(AuditTexts.TryParse("CallIntent", out _));
        Assert.False(AuditTexts.TryParse(null, out _));
    }

    private static IEnumerable<string> MembersOf(JsonElement schema) => NamesOf(schema.GetProperty("properties"));

    private static IEnumerable<string> NamesOf(JsonElement element) => element.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> TextsOf(JsonElement member) => member.GetProperty("enum").EnumerateArray().Select(text => text.GetString()!);

    private static JsonElement ReadSchema()
    {
        using var file = typeof(AuditEventJsonTests).Assembly.GetManifestResourceStream("audit-record.json")!;
        using var document = JsonDocument.Parse(file);
        return document.RootElement.Clone();
    }
}
