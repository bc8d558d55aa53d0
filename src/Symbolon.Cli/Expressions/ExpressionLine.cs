using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Cel;
using Symbolon.Cel.Evaluation;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cli.Expressions;

/// <summary>
/// One expression with what it may speak of, in the form of the specification's tests: <c>{id, expr, container?, bindings?, type_env?, disable_check?, check_only?, disable_macros?}</c>.
/// </summary>
internal static class ExpressionLine
{
    private static readonly string[] Known = ["id", "expr", "container", "bindings", "type_env", "disable_check", "check_only", "disable_macros", "name", "section", "value", "error", "type"];

    /// <param name="number">From 1, for what cannot be read.</param>
    /// <returns><c>{id, value | error | type}</c>.</returns>
    public static JsonObject Answer(string line, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 256 });
            var id = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("id", out var found) ? JsonNode.Parse(found.GetRawText()) : null;
            var answer = new JsonObject { ["id"] = id };
            try
            {
                var (name, content) = AnswerOf(json.RootElement);
                answer[name] = content;
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException)
            {
                answer["error"] = $"line {number}: {e.Message}";
            }
            return answer;
        }
        catch (JsonException e)
        {
            return new JsonObject { ["id"] = null, ["error"] = $"line {number} is no JSON: {e.Message}" };
        }
    }

    internal static (string Name, JsonNode? Content) AnswerOf(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object) throw new FormatException("a line is an object");
        foreach (var member in line.EnumerateObject())
            if (!Known.Contains(member.Name)) throw new FormatException($"there is no member '{member.Name}'");
        if (!line.TryGetProperty("expr", out var expression) || expression.ValueKind != JsonValueKind.String) throw new FormatException("'expr' is required, a text");
        var bindings = BindingsOf(line);
        var variables = VariablesOf(line, bindings.Keys);
        var environment = new CelEnvironment(variables)
        {
            Container = line.TryGetProperty("container", out var container) ? container.GetString() ?? "" : "",
            WithChecks = !IsSet(line, "disable_check"),
            WithMacros = !IsSet(line, "disable_macros"),
        };
        if (!environment.TryCompile(expression.GetString()!, out var program, out var issues)) return ("error", string.Join("; ", issues));
        if (IsSet(line, "check_only")) return ("type", TaggedTypes.Write(program.ResultType));
        var value = program.Evaluate(new CelBindings([.. variables.Select(variable => bindings.TryGetValue(variable.Name, out var bound) ? bound : CelValue.Error($"no value for '{variable.Name}': unknown variable"))]));
        return TaggedValues.Write(value) is { } written ? ("value", written) : ("error", value.Kind == CelKind.Error ? value.AsError.Message : "unknown");
    }

    /// <summary>A list of <c>{key, value: {value}}</c> as in the tests, or an object by name.</summary>
    private static Dictionary<string, CelValue> BindingsOf(JsonElement line)
    {
        var found = new Dictionary<string, CelValue>(StringComparer.Ordinal);
        if (!line.TryGetProperty("bindings", out var bindings)) return found;
        if (bindings.ValueKind == JsonValueKind.Object)
            foreach (var member in bindings.EnumerateObject()) found[member.Name] = ReadBound(member.Value);
        else if (bindings.ValueKind == JsonValueKind.Array)
            foreach (var item in bindings.EnumerateArray())
                found[item.GetProperty("key").GetString() ?? throw new FormatException("a binding has a 'key'")] = ReadBound(item.GetProperty("value"));
        else
            throw new FormatException("'bindings' is a list of {key, value}");
        return found;
    }

    private static CelValue ReadBound(JsonElement bound)
    {
        var (tag, content) = TaggedValues.Only(bound);
        return tag switch
        {
            "value" => TaggedValues.Read(content),
            "error" or "unknown" => tag == "error" ? CelValue.Error("a binding that is an error") : CelValue.Unknown,
            _ => TaggedValues.Read(bound),
        };
    }

    private static List<CelVariable> VariablesOf(JsonElement line, IEnumerable<string> bound)
    {
        var variables = new List<CelVariable>();
        if (line.TryGetProperty("type_env", out var environment))
            foreach (var declared in environment.EnumerateArray())
            {
                var name = declared.TryGetProperty("name", out var given) ? given.GetString() : null;
                if (name is null || !declared.TryGetProperty("ident", out var ident)) throw new FormatException($"'type_env' declares {name ?? "something"} that is no variable: functions are those of the language");
                if (!variables.Exists(variable => variable.Name == name)) variables.Add(new CelVariable(name, ident.TryGetProperty("type", out var type) ? TaggedTypes.Read(type) : CelType.Dyn));
            }
        variables.AddRange(bound.Where(name => !variables.Exists(variable => variable.Name == name)).Select(name => new CelVariable(name, CelType.Dyn)).ToList());
        return variables;
    }

    private static bool IsSet(JsonElement line, string flag) => line.TryGetProperty(flag, out var value) && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.GetString() == "true"));
}
