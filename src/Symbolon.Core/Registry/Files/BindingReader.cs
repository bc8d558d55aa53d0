using System.Text.Json;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>tokens.binding</c> of grants, and <c>spec.tokens: { binding: dpop, effects: [irreversible] }</c> of servers.</summary>
internal static class BindingReader
{
    /// <returns>Null where nothing is demanded.</returns>
    public static BindingRule? OfServer(ObjectFields spec, FieldErrors errors)
    {
        if (spec.Value("tokens", required: false, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, "spec.tokens", errors, ["binding", "effects"]) is not { } fields) return null;
        var binding = Of(fields);
        var effects = fields.Texts("effects", 3, text => Effects.TryParse(text, out _) ? text : null, "read, write or irreversible");
        if (binding == TokenBinding.Dpop) return new BindingRule { Binding = binding, Effects = [.. effects.Select(text => Effects.TryParse(text, out var effect) ? effect : default)] };
        if (fields.Has("effects") && !errors.Any) fields.Error("effects", FieldErrorCode.BadValue, "spec.tokens.effects has no effect without spec.tokens.binding: dpop.");
        return null;
    }

    public static TokenBinding Of(ObjectFields tokens)
    {
        switch (tokens.Text("binding", 64))
        {
            case "dpop": return TokenBinding.Dpop;
            case "mtls": tokens.Error("binding", FieldErrorCode.NotSupportedYet, $"{tokens.PathOf("binding")} mtls is not supported yet; use dpop or any."); break;
            case null or "any": break;
            default: tokens.Error("binding", FieldErrorCode.BadValue, $"{tokens.PathOf("binding")} must be any or dpop."); break;
        }
        return TokenBinding.Any;
    }
}
