using Symbolon.UnitTests.Architecture;

namespace Symbolon.UnitTests.Tools;

[Trait("area", "assessment")]
public sealed class AssessmentPageTests
{
    [Fact]
    public void The_figures_of_the_assessment_are_those_of_labels_and_rules()
    {
        var path = Repository.Of("docs", "assessment.md");
        var expected = AssessmentPage.WithFigures(File.ReadAllText(path));
        if (Environment.GetEnvironmentVariable("SYMBOLON_WRITE_DOCS") == "1") File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void The_table_of_assessed_tools_is_what_labels_and_rules_say()
    {
        var path = Repository.Of("docs", "assessment-table.md");
        var expected = AssessmentPage.Table();
        if (Environment.GetEnvironmentVariable("SYMBOLON_WRITE_DOCS") == "1") File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }
}
