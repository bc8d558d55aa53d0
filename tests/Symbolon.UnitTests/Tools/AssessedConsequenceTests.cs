using System.Text.Json;
using Symbolon.Core.Tools;
using Symbolon.Core.Tools.Assessment;

namespace Symbolon.UnitTests.Tools;

/// <summary>Tools whose verb is mild and whose consequence is not: what they make, send on, bring in or overwrite.</summary>
[Trait("area", "assessment")]
public sealed class AssessedConsequenceTests
{
    [Theory]
    [InlineData("create_refund", "irreversible")]
    [InlineData("make_payment", "irreversible")]
    [InlineData("place_order", "irreversible")]
    [InlineData("get_refund", "read")]
    [InlineData("list_orders", "read")]
    [InlineData("update_order", "write")]
    [InlineData("create_refund_policy", "write")]
    [InlineData("create_product", "write")]
    public void Making_an_act_is_the_act(string name, string effect) => Assert.Equal(effect, Assess(name).Effect.ToText());

    [Theory]
    [InlineData("billing", "This tool will refund a payment.", "irreversible")]
    [InlineData("billing", "It can eventually charge the customer.", "irreversible")]
    [InlineData("billing", "This tool will fetch the charge of a customer.", "read")]
    public void A_word_right_behind_will_or_can_is_a_verb_though_it_is_as_often_a_noun(string name, string description, string effect) =>
        Assert.Equal(effect, Assess(name, description).Effect.ToText());

    [Theory]
    [InlineData("create_filter", """{"action":{"type":"object","properties":{"forward":{"type":"string"}}}}""", "irreversible", "open-world")]
    [InlineData("create_monitor", """{"webhookUrl":{"type":"string"}}""", "irreversible", "open-world")]
    [InlineData("create_webhook", """{"url":{"type":"string"}}""", "irreversible", "open-world")]
    [InlineData("get_webhook", """{"webhook_id":{"type":"string"}}""", "read", "open-world")]
    public void What_has_later_events_sent_to_an_address_of_its_arguments_cannot_be_taken_back(string name, string properties, string effect, string flags) =>
        Assert.Equal((effect, flags), Of(name, properties));

    [Theory]
    [InlineData("install_release", """{"chart":{"type":"string"}}""", "irreversible", "executes")]
    [InlineData("create_workload", """{"image":{"type":"string","description":"Image to run"},"name":{"type":"string","description":"of the container"}}""", "write", "")]
    [InlineData("create_container", """{"image":{"type":"string","description":"Image to run"}}""", "irreversible", "executes")]
    [InlineData("set_up", """{"manifest":{"type":"string","description":"YAML to apply"}}""", "irreversible", "executes")]
    [InlineData("update_function", """{"entrypoint_path":{"type":"string"}}""", "irreversible", "executes")]
    [InlineData("list_packages", """{"package":{"type":"string"}}""", "read", "")]
    public void What_brings_in_software_that_then_runs_executes(string name, string properties, string effect, string flags) =>
        Assert.Equal((effect, flags), Of(name, properties));

    [Theory]
    [InlineData("patch_resource", """{"patchData":{"type":"object"}}""", "irreversible")]
    [InlineData("update_monitor", """{"body":{"type":"object"}}""", "irreversible")]
    [InlineData("search_monitors", """{"body":{"type":"object"}}""", "read")]
    [InlineData("create_note", """{"body":{"type":"string"}}""", "write")]
    public void A_patch_or_a_whole_request_in_the_callers_words_can_overwrite_anything(string name, string properties, string effect) =>
        Assert.Equal(effect, Of(name, properties).Effect);

    [Fact]
    public void A_change_of_all_that_match_keeps_no_earlier_value() =>
        Assert.Equal(Effect.Irreversible, Assess("update-many", "Updates all documents that match the filter.").Effect);

    [Fact]
    public void What_only_the_alternatives_of_a_parameter_say_counts() =>
        Assert.Equal("irreversible", Of("update_table", """{"properties":{"anyOf":[{"type":"object","description":"Schema updates"},{"type":"string"}]}}""").Effect);

    [Theory]
    [InlineData("connect", """{"connectionString":{"type":"string"}}""", "sensitive,open-world")]
    [InlineData("open_page", """{"headers":{"type":"object","description":"such as Authorization"}}""", "sensitive")]
    [InlineData("open_page", """{"headers":{"type":"array","description":"of the table"}}""", "")]
    [InlineData("list_project_members", "{}", "sensitive")]
    [InlineData("get_users", "{}", "sensitive")]
    [InlineData("create_project", """{"confirm_cost_id":{"type":"string"}}""", "financial")]
    public void People_and_what_lets_in_are_sensitive_and_agreeing_to_a_cost_is_financial(string name, string properties, string flags) =>
        Assert.Equal(flags, Of(name, properties).Flags);

    private static (string Effect, string Flags) Of(string name, string properties)
    {
        var assessed = Assess(name, null, "{\"type\":\"object\",\"properties\":" + properties + "}");
        return (assessed.Effect.ToText(), string.Join(',', assessed.Flags.ToTexts()));
    }

    private static ToolAssessment Assess(string name, string? description = null, string? schema = null) =>
        ToolAssessor.Assess(new ListedTool { Name = name, Description = description, InputSchema = schema is null ? null : JsonDocument.Parse(schema).RootElement });
}
