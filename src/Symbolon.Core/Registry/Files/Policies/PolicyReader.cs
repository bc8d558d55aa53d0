using System.Text.Json;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files.Policies;

/// <summary><c>kind: Policy</c>: rules that decide each call with its arguments, and the tests that they are kept with.</summary>
/// <remarks>Reads the form. Whether an expression means something is known where the tools are that it is about.</remarks>
internal static class PolicyReader
{
    public static Document? Read(ObjectFields document, FieldErrors errors)
    {
        var name = MetadataReader.ReadName(document, errors);
        if (document.Value("spec", required: true, JsonValueKind.Object) is not { } spec
            || ObjectFields.Open(spec, "spec", errors, ["default", "rules", "tests"]) is not { } fields) return null;
        // Addresses of the API below /policies that are no policy's.
        if (name is "hits" or "simulate") errors.Add("metadata.name", FieldErrorCode.BadName, $"metadata.name cannot be {name}: the API has that name for something else.");
        var denies = DeniesByDefault(fields);
        var named = new HashSet<string>(StringComparer.Ordinal);
        var before = errors.Found.Count;
        var rules = fields.List("rules", DocumentLimits.Rules, (item, at) => RuleReader.Read(item, at, named, errors));
        // Which rules there are is known where all of them could be read.
        var known = errors.Found.Count == before ? named : null;
        var tests = fields.List("tests", DocumentLimits.Rules, (item, at) => PolicyTestReader.Read(item, at, known, errors));
        return name is null || errors.Any ? null : new Document.Policy(new PolicyObject
        {
            Name = new PolicyName(name),
            DeniesByDefault = denies,
            Rules = rules,
            Tests = tests,
        });
    }

    private static bool DeniesByDefault(ObjectFields fields)
    {
        var text = fields.Text("default", 64);
        if (text is not (null or "allow" or "deny")) fields.Error("default", FieldErrorCode.BadValue, "spec.default must be allow or deny.");
        return text == "deny";
    }
}
