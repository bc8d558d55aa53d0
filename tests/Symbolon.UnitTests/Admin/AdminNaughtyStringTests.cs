using System.Text.Json;
using Symbolon.Core.Registry.Files;
using Symbolon.Testing;

namespace Symbolon.UnitTests.Admin;

/// <summary>The strings that break things, as reasons, notes, labels, names and filters: kept as they are, or refused by rule; never a 5xx.</summary>
[Trait("area", "admin")]
public sealed class AdminNaughtyStringTests
{
    private static readonly string[] Strings = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Repo.At("tests", "data", "naughty-strings", "blns.json")))!;

    [Fact]
    public async Task They_are_kept_as_reason_note_and_label()
    {
        await using var host = await AdminHost.StartAsync();
        await host.HaveServerAsync();
        await host.PostAsync("/api/v1/tokens", """{"user":"a@b.c","servers":[{"name":"shop","tools":["look"]}],"createGrant":{"name":"g"} }""");
        foreach (var text in Strings)
        {
            var json = JsonSerializer.Serialize(text);
            Assert.Equal(text, (await host.PostAsync("/api/v1/servers/shop/suspend", $$"""{"reason":{{json}}}""")).Json.GetProperty("lastChange").GetProperty("reason").GetString());
            Assert.Equal(text, host.Store.Committed[^1].Reason);
            Assert.Equal(200, (await host.PostAsync("/api/v1/servers/shop/resume")).Status);

            var issued = await host.PostAsync("/api/v1/tokens", $$"""{"user":"a@b.c","servers":[{"name":"shop","tools":["look"]}],"note":{{json}}}""");
            Assert.Equal(text, (await host.GetAsync($"/api/v1/tokens/{issued.Json.GetProperty("id").GetString()}")).Json.GetProperty("note").GetString());

            var document = $$$"""{"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"bot","owner":"a@b.c","labels":{"k":{{{json}}}} } }""";
            var applied = await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{document}}]}""");
            Assert.Equal(text.Length <= DocumentLimits.LabelValue ? 200 : 422, applied.Status);
            if (applied.Status == 200) Assert.Equal(text, (await host.GetAsync("/api/v1/agents/bot")).Json.GetProperty("labels").GetProperty("k").GetString());
        }
    }

    [Fact]
    public async Task They_are_refused_by_rule_where_a_name_belongs()
    {
        await using var host = await AdminHost.StartAsync();
        await host.HaveServerAsync();
        foreach (var text in Strings)
        {
            var json = JsonSerializer.Serialize(text);
            foreach (var body in new[]
            {
                $$"""{"user":{{json}},"servers":[{"name":"shop","tools":["look"]}]}""", $$"""{"agent":{{json}},"servers":[{"name":"shop","all":true}]}""",
                $$"""{"user":"a@b.c","servers":[{"name":{{json}},"all":true}]}""", $$"""{"user":"a@b.c","servers":[{"name":"shop","tools":[{{json}}]}]}""",
                $$"""{"user":"a@b.c","servers":[{"name":"shop","all":true}],"ttl":{{json}}}""",
            })
            {
                var answer = await host.PostAsync("/api/v1/tokens", body);
                Assert.True(answer.Status is 422 or 403, $"{answer.Status} for {body}");
            }
            Assert.InRange((await host.GetAsync($"/api/v1/servers?after={Uri.EscapeDataString(text)}")).Status, 200, 400);
        }
        Assert.Equal(2, host.Store.Committed.Count);
    }
}
