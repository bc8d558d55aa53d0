using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary>The way back of <see cref="PolicyReader"/>.</summary>
internal static class PolicyWriter
{
    public static void Write(Utf8JsonWriter json, PolicyObject policy)
    {
        DocumentWriter.WriteMetadata(json, policy.Name.Value, owner: null, labels: null);
        json.WriteStartObject("spec");
        if (policy.DeniesByDefault) json.WriteString("default", "deny");
        if (!policy.Rules.IsEmpty)
        {
            json.WriteStartArray("rules");
            foreach (var rule in policy.Rules) WriteRule(json, rule);
            json.WriteEndArray();
        }
        if (!policy.Tests.IsEmpty)
        {
            json.WriteStartArray("tests");
            foreach (var test in policy.Tests) WriteTest(json, test);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, PolicyRule rule)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        DocumentWriter.WriteTexts(json, "servers", rule.Servers);
        WritePairs(json, "labels", rule.Labels);
        WriteList(json, "tools", rule.Tools);
        WriteList(json, "effects", [.. rule.Effects.Select(effect => effect.ToText())]);
        WriteList(json, "prompts", rule.Prompts);
        WriteList(json, "resources", [.. rule.Resources.Select(pattern => pattern.Text)]);
        WriteList(json, "subjects", rule.Subjects);
        WriteList(json, "agents", rule.Agents);
        WriteList(json, "workflows", rule.Workflows);
        DocumentWriter.WriteText(json, "when", rule.When);
        if (rule.Decision is { } decision) json.WriteString("decision", decision == RuleDecision.Allow ? "allow" : "deny");
        if (rule.Limit is { } limit) WriteLimit(json, limit);
        if (rule.Obligations is { } obligations) WriteObligations(json, obligations);
        if (rule.Decide is { } point) WriteDecide(json, point);
        DocumentWriter.WriteText(json, "message", rule.Message);
        if (rule.IsObserved) json.WriteString("mode", "observe");
        json.WriteEndObject();
    }

    private static void WriteLimit(Utf8JsonWriter json, RuleLimit limit)
    {
        DocumentWriter.WriteText(json, "limit", limit.Rate);
        if (limit.Burst is { } burst) json.WriteNumber("burst", burst);
        DocumentWriter.WriteText(json, "quota", limit.Quota);
        if (limit.Total is not null)
        {
            json.WriteStartObject("total");
            DocumentWriter.WriteText(json, "of", limit.Of);
            json.WriteString("most", limit.Total);
            json.WriteEndObject();
        }
        if (limit.Concurrency is { } most) json.WriteNumber("concurrency", most);
        if (limit.Per is [var one]) json.WriteString("per", one);
        else WriteList(json, "per", limit.Per);
    }

    private static void WriteObligations(Utf8JsonWriter json, RuleObligations obligations)
    {
        json.WriteStartObject("obligations");
        WriteList(json, "redact", obligations.Redact);
        if (obligations.MostResultBytes is { } bytes) json.WriteNumber("maxResultBytes", bytes);
        WritePairs(json, "headers", obligations.Headers);
        json.WriteEndObject();
    }

    private static void WriteDecide(Utf8JsonWriter json, DecisionPoint point)
    {
        json.WriteStartObject("decide");
        json.WriteString("url", point.Url);
        if (point.TimeoutMilliseconds != DecisionPoint.UsualTimeout) json.WriteString("timeout", ShortTime.ToText(point.TimeoutMilliseconds));
        if (point.CacheSeconds > 0) json.WriteString("cache", Durations.ToText(point.CacheSeconds));
        json.WriteEndObject();
    }

    private static void WriteTest(Utf8JsonWriter json, PolicyTest test)
    {
        json.WriteStartObject();
        json.WriteString("server", test.Server);
        DocumentWriter.WriteText(json, "tool", test.Tool);
        DocumentWriter.WriteText(json, "prompt", test.Prompt);
        DocumentWriter.WriteText(json, "resource", test.Resource);
        if (test.Arguments is { } arguments)
        {
            json.WritePropertyName("args");
            json.WriteRawValue(arguments);
        }
        if (test.User is not null || !test.Groups.IsEmpty)
        {
            json.WriteStartObject("subject");
            DocumentWriter.WriteText(json, "user", test.User);
            WriteList(json, "groups", test.Groups);
            json.WriteEndObject();
        }
        DocumentWriter.WriteText(json, "agent", test.Agent);
        DocumentWriter.WriteText(json, "workflow", test.Workflow);
        if (!test.SessionFlags.IsEmpty)
        {
            json.WriteStartObject("session");
            DocumentWriter.WriteTexts(json, "flags", test.SessionFlags);
            json.WriteEndObject();
        }
        if (test.At is { } at) json.WriteString("at", UnixTime.FromMicroseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("expect", test.Expect.ToText());
        DocumentWriter.WriteText(json, "rule", test.Rule);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyCollection<string> texts)
    {
        if (texts.Count > 0) DocumentWriter.WriteTexts(json, name, texts);
    }

    private static void WritePairs(Utf8JsonWriter json, string name, ImmutableSortedDictionary<string, string> pairs)
    {
        if (pairs.Count == 0) return;
        json.WriteStartObject(name);
        foreach (var (key, value) in pairs) json.WriteString(key, value);
        json.WriteEndObject();
    }
}
