using System.Globalization;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Jose;

namespace Symbolon.Core.Policy.Limits;

/// <summary>What one limit counts for one key in one window: a row of the store.</summary>
public sealed class LimitCounter
{
    private LimitCounter(OrganisationId organisation, string rule, LimitTerms terms, LimitWindow window, string id) =>
        (Organisation, Rule, Terms, Window, Id) = (organisation, rule, terms, window, id);

    public OrganisationId Organisation { get; }

    public string Rule { get; }

    public LimitTerms Terms { get; }

    public LimitWindow Window { get; }

    /// <summary>A hash of the rule, its terms, the key and the window: a rule whose terms changed counts anew.</summary>
    public string Id { get; }

    public static LimitCounter Of(OrganisationId organisation, string rule, LimitTerms terms, string key, LimitWindow window)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{rule.Length}:{rule}\n{terms}\n{window.Start}\n{key}");
        return new LimitCounter(organisation, rule, terms, window, Sha256Value.Of(Encoding.UTF8.GetBytes(text)).ToString());
    }
}
