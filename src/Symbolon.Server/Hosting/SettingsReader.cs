namespace Symbolon.Server.Hosting;

/// <summary>
/// Makes options from the three places that count: the file, then <c>SYMBOLON_*</c>, then flags; a later one replaces the earlier. Nothing
/// else in the surroundings (no <c>ASPNETCORE_*</c>, no <c>appsettings.json</c>) has any influence.
/// </summary>
public static class SettingsReader
{
    /// <summary>Variables that belong to the command line or to this very start, and are no settings.</summary>
    private static readonly string[] OtherVariables = ["SYMBOLON_URL", "SYMBOLON_TOKEN", "SYMBOLON_TOKEN_FILE", "SYMBOLON_DATA"];

    /// <param name="dataDirectory">Given by <c>--data</c>, <c>SYMBOLON_DATA</c> or their default; never by the file, which lies in it.</param>
    /// <param name="file">Settings of <c>symbolon.yaml</c> by <see cref="Setting.Name"/>; a list is one pair for each value.</param>
    /// <param name="environment">All variables; those without our prefix are not looked at.</param>
    /// <param name="flags">By <see cref="Setting.Name"/>, as the file.</param>
    /// <exception cref="InvalidOptionsException">With every error at once, those of <see cref="OptionsCheck"/> included.</exception>
    public static SymbolonOptions Read(
        string dataDirectory,
        IEnumerable<KeyValuePair<string, string>> file,
        IEnumerable<KeyValuePair<string, string>> environment,
        IEnumerable<KeyValuePair<string, string>> flags)
    {
        var errors = new List<string>();
        var options = new SymbolonOptions { DataDirectory = dataDirectory };
        options = ApplyAll(options, file, "symbolon.yaml", setting => setting.Name, errors);
        var ours = environment.Where(IsOurs).ToLookup(pair => Setting.All.Any(setting => setting.Variable == pair.Key));
        options = ApplyAll(options, ours[true], "environment", setting => setting.Variable, errors);
        options = ApplyAll(options, flags, "flag", setting => setting.Name, errors);
        // Kubernetes puts SYMBOLON_SERVICE_HOST and its like into every pod beside a service of that name: told, not refused.
        options = options with { IgnoredVariables = [.. ours[false].Select(pair => pair.Key).Order(StringComparer.Ordinal)] };
        errors.AddRange(OptionsCheck.Errors(options));
        return errors.Count == 0 ? options : throw new InvalidOptionsException(errors);
    }

    private static bool IsOurs(KeyValuePair<string, string> variable) =>
        variable.Key.StartsWith("SYMBOLON_", StringComparison.Ordinal) && !OtherVariables.Contains(variable.Key);

    private static SymbolonOptions ApplyAll(
        SymbolonOptions options, IEnumerable<KeyValuePair<string, string>> pairs, string source, Func<Setting, string> nameOf, List<string> errors)
    {
        foreach (var group in pairs.GroupBy(pair => pair.Key, pair => pair.Value))
        {
            if (Setting.All.FirstOrDefault(setting => nameOf(setting) == group.Key) is not { } setting)
            {
                errors.Add($"{group.Key} ({source}): there is no such setting");
                continue;
            }
            try
            {
                options = setting.Apply(options, new SettingValue([.. group]));
            }
            catch (FormatException e)
            {
                errors.Add($"{group.Key} ({source}): {e.Message}");
            }
        }
        return options;
    }
}

/// <summary>The options cannot be used. <see cref="Errors"/> has every reason, each naming its setting.</summary>
public sealed class InvalidOptionsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors => errors;
}
